import fc from "fast-check";
import { presetNames, type Exclusion, type Policy } from "../../shared/pricing/records.ts";
import { currency, maybe, rarely, record, roundingMode, zones } from "./generate-values.ts";

const types = fc.subarray(["K1", "K2", "K3"], { minLength: 1 });
const exclusion: fc.Arbitrary<Exclusion> = fc.oneof(
  fc.record({ procedure: fc.constantFrom("A" as const, "B" as const, "E" as const, "L" as const), types }),
  fc.record({ procedure: fc.constantFrom("C" as const, "D" as const, "F" as const), types, against: types }),
);
// What a policy may always say.
const anyPolicy = {
  timeZone: maybe(fc.constantFrom(...zones)),
  currency: maybe(currency),
  defaultLists: maybe(fc.shuffledSubarray(["l0", "l1", "l2"])),
  exclusions: rarely(fc.array(exclusion, { minLength: 1, maxLength: 2 })),
  rounding: maybe(
    fc.record(
      {
        unitPrice: fc.record({
          places: fc.constantFrom(0, 2, 4, 8, "currency" as const),
          mode: roundingMode(),
        }),
        line: fc.record(
          { mode: roundingMode(), to: fc.record({ CHF: fc.constant("0.05"), EUR: fc.constant("0.02") }) },
          { requiredKeys: ["mode"] },
        ),
      },
      { requiredKeys: [] },
    ),
  ),
};
const precedence = maybe(
  fc.shuffledSubarray(["customer", "group", "list", "everyone"] as const, { minLength: 1 }),
);
const choose = maybe(fc.constantFrom("first" as const, "lowest" as const));
const policyId = fc.constant("default" as const);
const plainPolicy = record("policy", policyId, {
  ...anyPolicy,
  precedence,
  choose,
  fallback: maybe(fc.constantFrom("listPrice" as const, "none" as const)),
  rules: maybe(fc.constantFrom("first" as const, "best" as const, "stack" as const)),
  convert: maybe(fc.constantFrom("none" as const, "rates" as const)),
});
const presetPolicy = fc.oneof(
  ...presetNames.map((preset) =>
    record("policy", policyId, {
      preset: fc.constant(preset),
      ...anyPolicy,
      ...(preset === "sap" ? { precedence } : {}),
      ...(preset === "oro" ? { choose } : {}),
    }),
  ),
);
/** No policy, a plain one, or one with a preset. */
export const policy = fc.oneof(
  fc.constant(undefined),
  plainPolicy,
  plainPolicy,
  plainPolicy,
  presetPolicy,
  presetPolicy,
  presetPolicy,
) as fc.Arbitrary<Policy | undefined>; // Fields that came out undefined are left out.
