import fc from "fast-check";
import type { Effect } from "../../shared/pricing/records.ts";
import {
  amount,
  band,
  currency,
  dates,
  listId,
  maybe,
  per,
  percent,
  rarely,
  record,
  roundingMode,
  unit,
  what,
  who,
} from "./generate-values.ts";

const formula = fc.constantFrom(
  "unit_price * 0.9",
  "unit_price / 3",
  "unit_price - 0.005",
  "(unit_price * 0.93).quantize(Decimal('0.01'))",
  "cost_price * 1.15",
  "cost_price * 1.15 if cost_price > 5 else unit_price",
  "list_price / 7",
  "(list_price + unit_price) / 2",
  "parent_unit_price * 0.95",
  "parent_unit_price.min(unit_price)",
  "unit_price // 1 + 0.99",
  "unit_price % 7",
  "max(unit_price, list_price) - min(unit_price, cost_price)",
  "unit_price and list_price or cost_price",
  "round(unit_price, 1)",
  "unit_price.sqrt()",
  "1 / (unit_price - 10.005)",
  "9.99",
  "unit_price > 5",
  "unit_price ** 2 / 100",
);
const input = maybe(
  fc.oneof(
    fc.constantFrom("price" as const, "base" as const, "list" as const, "cost" as const),
    fc.record({ list: listId }),
  ),
);
const bound = fc.oneof(
  fc.record({ amount, currency }),
  fc.record({ marginOnCost: percent }),
  fc.record({ aboveInput: fc.constantFrom("0", "0.5"), currency }),
);
const afterChange = {
  round: rarely(
    fc.record(
      {
        to: fc.constantFrom("0.05", "1", "0.3"),
        mode: roundingMode(),
        then: fc.constantFrom("-0.01", "0.99"),
      },
      { requiredKeys: ["to", "mode"] },
    ),
  ),
  min: rarely(bound),
  max: rarely(bound),
};
const effect = fc.oneof(
  fc.record({ percentOff: percent, on: input, ...afterChange }),
  fc.record({ percentMarkup: percent, on: input, ...afterChange }),
  fc.record({ amountOff: amount, currency, on: input, ...afterChange }),
  fc.record({ amountMarkup: amount, currency, on: input, ...afterChange }),
  fc.record({ price: amount, currency, per, ...afterChange }),
  fc.record({ formula, ...afterChange }),
  fc.record({ formula, ...afterChange }),
) as fc.Arbitrary<Effect>; // Fields that came out undefined are left out below.
/** Rules with every effect. */
export const rule = record("rule", fc.integer({ min: 0, max: 99 }).map(String), {
  rank: fc.integer({ min: 0, max: 3 }),
  list: maybe(listId),
  who: rarely(who),
  what: maybe(what),
  unit: rarely(unit),
  ...band,
  ...dates,
  effect,
  exclusive: maybe(fc.boolean()),
  unsupported: fc.constantFrom(...Array<undefined>(30).fill(undefined), "a rule of another kind"),
  margin: rarely(fc.oneof(fc.record({ percent }), fc.record({ amount, currency }))),
  conditionType: maybe(fc.constantFrom("K1", "K2", "K3")),
  priority: maybe(fc.constantFrom(1, 1, 2)),
  applyDiscountOnRate: maybe(fc.boolean()),
  appliedOn: rarely(fc.constantFrom("0_product_variant" as const, "1_product" as const, "3_global" as const)),
}).chain((made) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(made) },
    // Bounds of the goods value come with their currency.
    {
      weight: 1,
      arbitrary: fc
        .record({
          minAmount: maybe(fc.constantFrom("5", "33.33")),
          maxAmount: maybe(fc.constantFrom("40", "1000")),
          currency,
        })
        .map((bounds) => JSON.parse(JSON.stringify({ ...made, ...bounds })) as typeof made),
    },
    { weight: 1, arbitrary: currency.map((code) => ({ ...made, currency: code })) },
    // Rules that are combined have plain effects.
    {
      weight: 2,
      arbitrary: fc
        .oneof(
          fc.record({ percentOff: percent }),
          fc.record({ amountOff: amount, currency }),
          fc.record({ price: amount, currency }),
        )
        .map((plain) => ({ ...made, effect: plain, applyMultiplePricingRules: true })),
    },
  ),
);
