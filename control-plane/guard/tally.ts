import type { Amount, PriceChange } from "./price-change.ts";

/** What a check is about. */
export const checkNames = ["jumped", "zero", "gone"] as const;
export type CheckName = (typeof checkNames)[number];

/** One price of those that a check found. Whose it is does not matter, and is not told. */
export interface Example {
  readonly sku: string;
  readonly currency: string;
  readonly before: Amount;
  readonly after: Amount | null;
}

export interface Found {
  readonly prices: number;
  /** The SKUs, up to as many as a check asks for. */
  readonly skus: readonly string[];
  readonly examples: readonly Example[];
}

/** What was found among the prices that were looked at, as it is kept from one step to the next. */
export interface TallyState {
  /** The live prices that were looked at, since what they stand in is not the same any more. */
  readonly looked: number;
  /** The new prices that are others than before; what is new altogether does not count. */
  readonly changed: number;
  readonly found: Readonly<Record<CheckName, Found>>;
}

const examplesMax = 5;
const nothing: Found = { prices: 0, skus: [], examples: [] };
export const emptyTally: TallyState = {
  looked: 0,
  changed: 0,
  found: { jumped: nothing, zero: nothing, gone: nothing },
};

/** Counts changes as they come by; a price is one SKU's in one variant's segment, or in one customer's own. */
export class Tally {
  #looked: number;
  #changed: number;
  readonly #found: Record<CheckName, Found>;
  readonly #skusMax: number;

  /** @param skusMax how many SKUs to remember a check */
  constructor({ looked, changed, found }: TallyState, skusMax: number) {
    this.#looked = looked;
    this.#changed = changed;
    this.#found = { ...found };
    this.#skusMax = skusMax;
  }

  look(prices: number): void {
    this.#looked += prices;
  }

  add(sku: string, currency: string, { kind, example }: PriceChange): void {
    if (kind === "same") return;
    if (kind !== "gone") this.#changed++;
    if (kind === "changed" || example === undefined) return;
    const { prices, skus, examples } = this.#found[kind];
    const isNew = skus.length < this.#skusMax && !skus.includes(sku);
    // Of different products: one's prices are much alike.
    const isExample = examples.length < examplesMax && !examples.some((one) => one.sku === sku);
    this.#found[kind] = {
      prices: prices + 1,
      skus: isNew ? [...skus, sku] : skus,
      examples: isExample ? [...examples, { sku, currency, ...example }] : examples,
    };
  }

  state(): TallyState {
    return { looked: this.#looked, changed: this.#changed, found: { ...this.#found } };
  }
}
