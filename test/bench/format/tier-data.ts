import type { Curve, Tier } from "../../../shared/pricing/curve.ts";

/** A product's prices: the data that every form holds. */
export interface Priced {
  readonly sku: string;
  readonly unit: string;
  readonly tiers: readonly PricedTier[];
}

export interface PricedTier {
  readonly from: number;
  readonly unitPrice: string;
}

/** Products of one to four tiers, two and a half in the mean, with SKUs of ten characters. */
export function productsWith(tiers: number): Priced[] {
  const products: Priced[] = [];
  for (let index = 0, count = 0; count < tiers; index++) {
    const own = Math.min(1 + (index % 4), tiers - count);
    products.push(productOf(index, own));
    count += own;
  }
  return products;
}

function productOf(index: number, tiers: number): Priced {
  const cents = 500 + ((index * 7_919) % 250_000);
  return {
    sku: `AB-${String((index * 48_271) % 10_000_000).padStart(7, "0")}`,
    unit: "EA",
    tiers: Array.from({ length: tiers }, (_, tier) => ({
      from: tier === 0 ? 0 : 10 ** tier,
      unitPrice: priceText(cents - Math.floor((cents * tier) / 20)),
    })),
  };
}

function priceText(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}

/** As the compiler has them, each with the record that it is from. */
export function curvesOf(products: readonly Priced[]): Map<string, Curve> {
  return new Map(
    products.map(({ sku, unit, tiers }) => [
      sku,
      [
        {
          from: null,
          units: {
            [unit]: tiers.map(({ from, unitPrice }, index): Tier => {
              const record = `price/list-7-${sku}-${index}`;
              const explanation = [{ step: "price", record, amount: unitPrice }] as const;
              return { from: String(from), price: { unitPrice, per: "1", explanation } };
            }),
          },
        },
      ],
    ]),
  );
}
