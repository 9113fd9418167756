/** When a publish looks like an accident. All of them are whole numbers, so that nothing is compared inexactly. */
export interface GuardSettings {
  readonly on: boolean;
  /** A check fires only if it is about the prices of as many products. */
  readonly productsMin: number;
  /** A price that becomes as many times what it was, or the other way about, has jumped. */
  readonly factor: number;
  /** How many percent of the changed prices may jump, short of this. */
  readonly jumpedPercent: number;
  /** How many percent of the changed prices may become zero, short of this. */
  readonly zeroPercent: number;
  /** How many percent of the live prices may be gone, short of this. */
  readonly gonePercent: number;
}

export const guardDefaults: GuardSettings = {
  on: true,
  productsMin: 10,
  factor: 10,
  jumpedPercent: 10,
  zeroPercent: 10,
  gonePercent: 20,
};

/** The most that `productsMin` may be: as many SKUs are remembered a check. */
export const productsMinMax = 500;
