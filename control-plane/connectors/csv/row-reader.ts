import type { Dialect } from "./dialect.ts";

/** A row with the number of the line on which it begins, from 1; or why it can't be read. */
export type CsvRow = { readonly line: number; readonly cells: readonly string[] } | CsvFault;

export interface CsvFault {
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly fault: "stray_quote" | "stray_carriage_return" | "unterminated_quote" | "line_too_long";
}

const rowLengthMax = 65_536;

/** Where in a row the reader is; `afterQuote` may yet become a doubled quote, `afterReturn` a line's end. */
type Place = "start" | "plain" | "quoted" | "afterQuote" | "afterReturn" | "skipped";

/** Takes a text bit by bit, and gives its rows as they come to an end. */
export class RowReader {
  readonly #dialect: Dialect;
  #place: Place = "start";
  #cells: string[] = [];
  #cell = "";
  #length = 0;
  #line = 1;
  #rowLine = 1;
  #lost = false;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  get isLost(): boolean {
    return this.#lost;
  }

  *take(chunk: string): Generator<CsvRow> {
    for (let index = 0; index < chunk.length && !this.#lost; index++) {
      const character = chunk.charAt(index);
      this.#length++;
      if (this.#length > rowLengthMax) {
        this.#lost = true;
        yield this.#fault("line_too_long");
        return;
      }
      const row = this.#step(character);
      if (character === "\n") this.#line++;
      if (row !== undefined) yield row;
      // A row that came to its end leaves the next one to begin on the next line.
      if (this.#length === 0) this.#rowLine = this.#line;
    }
  }

  *end(): Generator<CsvRow> {
    if (this.#place === "quoted") yield this.#fault("unterminated_quote");
    else if (this.#place === "afterReturn") yield this.#fault("stray_carriage_return");
    else if (this.#place !== "skipped") {
      const row = this.#endRow();
      if (row !== undefined) yield row;
    }
  }

  #step(character: string): CsvRow | undefined {
    const { quote } = this.#dialect;
    switch (this.#place) {
      case "quoted":
        if (character === quote) this.#place = "afterQuote";
        else this.#cell += character;
        return undefined;
      case "afterReturn":
        return character === "\n" ? this.#endRow() : this.#skip("stray_carriage_return", character);
      case "skipped":
        if (character === "\n") this.#startRow();
        return undefined;
      case "afterQuote":
        if (character === quote) {
          this.#cell += character;
          this.#place = "quoted";
          return undefined;
        }
        return this.#isBreak(character) ? this.#break(character) : this.#skip("stray_quote", character);
      case "start":
        if (character === quote) {
          this.#place = "quoted";
          return undefined;
        }
        return this.#plain(character);
      case "plain":
        return character === quote ? this.#skip("stray_quote", character) : this.#plain(character);
    }
  }

  #plain(character: string): CsvRow | undefined {
    if (this.#isBreak(character)) return this.#break(character);
    this.#cell += character;
    this.#place = "plain";
    return undefined;
  }

  #isBreak(character: string): boolean {
    return character === this.#dialect.separator || character === "\n" || character === "\r";
  }

  #break(character: string): CsvRow | undefined {
    if (character === "\n") return this.#endRow();
    if (character === "\r") {
      this.#place = "afterReturn";
      return undefined;
    }
    this.#endCell();
    return undefined;
  }

  #endCell(): void {
    this.#cells.push(this.#cell);
    this.#cell = "";
    this.#place = "start";
  }

  #endRow(): CsvRow | undefined {
    this.#endCell();
    const [line, cells] = [this.#rowLine, this.#cells];
    this.#startRow();
    return cells.length === 1 && cells[0] === "" ? undefined : { line, cells };
  }

  #startRow(): void {
    this.#cells = [];
    this.#cell = "";
    this.#length = 0;
    this.#place = "start";
  }

  #skip(fault: CsvFault["fault"], character: string): CsvRow {
    const found = this.#fault(fault);
    if (character === "\n") this.#startRow();
    else this.#place = "skipped";
    return found;
  }

  #fault(fault: CsvFault["fault"]): CsvFault {
    return { line: this.#rowLine, column: this.#cells.length + 1, fault };
  }
}
