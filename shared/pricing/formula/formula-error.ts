/** Why a text is no formula that can be priced. */
export type FormulaFault =
  | "too_long"
  | "too_complex"
  | "number_out_of_range"
  | "unknown_name"
  | "no_value"
  | "no_formula";

export class FormulaError extends Error {
  override readonly name = "FormulaError";
  readonly fault: FormulaFault;
  /** The character at which it was found, from 0. */
  readonly at: number;

  constructor(fault: FormulaFault, message: string, at: number) {
    super(`${message} (character ${at + 1})`);
    this.fault = fault;
    this.at = at;
  }
}
