import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Curve, Tier } from "../../shared/pricing/curve.ts";
import type { LineValue, TierPrice } from "../../shared/pricing/question.ts";
import { encodeManifest, readManifest, type Manifest } from "../../shared/snapshot/manifest.ts";
import { encodePages, openPages } from "../../shared/snapshot/page-segment.ts";
import { openPrices, tierAt, type StoredCurve } from "../../shared/snapshot/price-segment.ts";
import { encodePrices } from "../../shared/snapshot/price-segment-writer.ts";
import { SegmentError } from "../../shared/snapshot/segment-error.ts";
import type { EncodedSegment } from "../../shared/snapshot/segment.ts";
import { parseDecimal } from "../../shared/pricing/fraction.ts";

/** Everything that is stored of a curve, in the form in which it was given. */
function curveOf(stored: StoredCurve): Curve {
  return stored.slices.map(({ from, units }) => ({
    from,
    units: Object.fromEntries(
      [...units].map(([unit, tiers]) => [
        unit,
        tiers.map((tier): Tier => {
          const price = stored.priceOf(tier);
          return {
            from: tier.from,
            ...(tier.above ? { above: true } : {}),
            price: "unavailable" in price ? price : { ...price, explanation: stored.explanationOf(tier) },
          };
        }),
      ]),
    ),
  }));
}

const decimal = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.nat(12))
  .map(([negative, digits, places]) => {
    const text = digits.toString().padStart(places + 1, "0");
    const point = text.length - places;
    return `${negative ? "-" : ""}${text.slice(0, point)}${places === 0 ? "" : `.${text.slice(point)}`}`;
  });
const fraction = fc.oneof(
  decimal,
  fc.tuple(fc.nat(), fc.integer({ min: 1 })).map(([a, b]) => `${a}/${b}`),
);
const sku = fc.oneof(
  fc.stringMatching(/^[A-Z0-9-]{1,8}$/),
  fc.constantFrom("ä", "日本-1", "e", "0", "__proto__"),
);
const part = fc.record({ from: fraction, unitPrice: decimal, per: decimal });
const line: fc.Arbitrary<LineValue> = fc.oneof(
  fc.record({ kind: fc.constant("discount" as const), unitPrice: decimal, percentOff: decimal }),
  fc.record({ kind: fc.constant("parts" as const), parts: fc.array(part, { maxLength: 3 }) }),
  fc.record({
    kind: fc.constant("conditions" as const),
    averages: fc.boolean(),
    steps: fc.array(
      fc.oneof(
        fc.record({ rate: fraction }),
        fc.record({ amount: fraction }),
        fc.record({ percent: decimal, of: fc.constantFrom("running" as const, "base" as const) }),
        fc.record({ parts: fc.array(fc.record({ from: fraction, rate: fraction }), { maxLength: 3 }) }),
      ),
      { maxLength: 3 },
    ),
  }),
);
const step = fc.record(
  {
    step: fc.constantFrom("price" as const, "rule" as const, "rounding" as const),
    record: fc.oneof(fc.constantFrom("rule#0", "price/A-1", "rule/ä"), fc.string({ unit: "grapheme-ascii" })),
    amount: decimal,
  },
  { requiredKeys: ["step", "amount"] },
);
const price: fc.Arbitrary<TierPrice> = fc
  .record(
    {
      unitPrice: decimal,
      per: decimal,
      explanation: fc.array(step, { maxLength: 4 }),
      line,
      graduated: fc.constant(true as const),
    },
    { requiredKeys: ["unitPrice", "per", "explanation"] },
  )
  // An explanation mostly ends in the price.
  .chain((made) =>
    fc.constantFrom(made, {
      ...made,
      explanation: [...made.explanation, { step: "rounding" as const, amount: made.unitPrice }],
    }),
  );
const tier: fc.Arbitrary<Tier> = fc.record(
  {
    from: fraction.filter((text) => !text.startsWith("-")),
    above: fc.constant(true as const),
    price: fc.oneof(price, fc.constant({ unavailable: "no_price" as const })),
  },
  { requiredKeys: ["from", "price"] },
);
const curve: fc.Arbitrary<Curve> = fc.array(
  fc.record({
    from: fc.option(fc.integer({ min: 0, max: 4e12 })),
    units: fc.dictionary(fc.constantFrom("PCE", "BOX", "kg"), fc.array(tier, { minLength: 1, maxLength: 3 })),
  }),
  { minLength: 1, maxLength: 3 },
);
const curves = fc.uniqueArray(fc.tuple(sku, curve), { selector: ([key]) => key, maxLength: 30 });

describe("a segment of prices", () => {
  it("gives back what was put in, to the last digit and with every step of its explanation", () => {
    fc.assert(
      fc.property(curves, sku, (entries, other) => {
        const segment = openPrices(encodePrices(new Map(entries)).bytes);
        for (const [key, value] of entries) {
          const stored = segment.find(key);
          expect(stored === undefined ? undefined : curveOf(stored)).toEqual(value);
        }
        if (!entries.some(([key]) => key === other)) expect(segment.find(other)).toBeUndefined();
        expect([...segment.keys()].toSorted()).toEqual(entries.map(([key]) => key).toSorted());
      }),
      { numRuns: 300 },
    );
  });

  it("is the same bytes in whatever order its SKUs come", () => {
    fc.assert(
      fc.property(curves, (entries) => {
        expect(encodePrices(new Map(entries.toReversed())).hash).toBe(encodePrices(new Map(entries)).hash);
      }),
    );
  });

  it("tells curves with the same prices by their fingerprints, whatever else is in their segments", () => {
    fc.assert(
      fc.property(curve, curve, curves, (one, two, others) => {
        const print = (value: Curve, more: typeof others) =>
          openPrices(encodePrices(new Map([...more, ["A", value]])).bytes)
            .find("A")
            ?.fingerprint();
        const shown = (value: Curve) =>
          JSON.stringify(value, (key, part: unknown) => (key === "explanation" ? undefined : part));
        expect(print(one, others)).toBe(print(one, []));
        if (shown(one) !== shown(two)) expect(print(one, [])).not.toBe(print(two, []));
      }),
    );
  });

  it("finds the tier of a quantity, at each break and on both its sides", () => {
    const starts = ["0", "1", "5", "10.5", "100"];
    const tiers = starts.map((from, index): Tier => ({
      from,
      ...(from === "5" ? { above: true } : {}),
      price: { unitPrice: String(index), per: "1", explanation: [] },
    }));
    const stored = openPrices(
      encodePrices(new Map([["A", [{ from: null, units: { PCE: tiers } }]]])).bytes,
    ).find("A");
    const found = ["0.5", "1", "4.99", "5", "5.01", "10.49", "10.5", "99", "100", "1000"].map(
      (quantity) => tierAt(stored?.slices[0]?.units.get("PCE") ?? [], parseDecimal(quantity)).from,
    );
    expect(found).toEqual(["0", "1", "1", "1", "5", "5", "10.5", "10.5", "100", "100"]);
  });
});

describe("the format", () => {
  const explanation = [
    { step: "price" as const, record: "price/A-list", amount: "15.00" },
    { step: "rule" as const, record: "rule#0", amount: "12.50" },
  ];
  const prices = encodePrices(
    new Map<string, Curve>([
      [
        "A",
        [
          {
            from: null,
            units: { PCE: [{ from: "0", price: { unitPrice: "12.50", per: "1", explanation } }] },
          },
        ],
      ],
      [
        "B",
        [
          {
            from: null,
            units: { PCE: [{ from: "0", price: { unitPrice: "7", per: "1", explanation: [] } }] },
          },
        ],
      ],
      [
        "Ö-1",
        [
          { from: null, units: { PCE: [{ from: "0", price: { unavailable: "no_price" } }] } },
          {
            from: Date.UTC(2026, 0, 1),
            units: {
              PCE: [
                { from: "0", price: { unitPrice: "99999999999999999999.99", per: "100", explanation } },
                {
                  from: "10",
                  above: true,
                  price: {
                    unitPrice: "-0.05",
                    per: "1",
                    explanation: [],
                    line: { kind: "discount", unitPrice: "0.10", percentOff: "5" },
                  },
                },
              ],
            },
          },
        ],
      ],
    ]),
  );
  const pages = encodePages(
    "customers",
    new Map([["K-1", { currency: "EUR", placements: { "": { classes: {} } } }]]),
  );

  const name = (letter: string) => letter.repeat(22).replace(/.$/, "A");
  const manifest: Manifest = {
    sequence: 7,
    rounding: { unitPrice: { places: 2, mode: "half-up" }, line: { mode: "half-even" } },
    currencies: ["EUR", "USD"],
    products: { bits: 1, segments: { 0: name("P"), 1: name("Q") } },
    customers: { bits: 3, segments: { 5: name("C") } },
    buckets: {
      "b.c.0": { "0/EUR": name("x"), "v/EUR": name("y"), "v/USD": name("z") },
      "b.c.1": { "0/EUR": name("w") },
      "d.0": {},
    },
    pages: [pages.bytes],
  };
  const encodedManifest = encodeManifest(manifest);

  const golden: readonly [string, EncodedSegment][] = [
    ["prices-2", prices],
    ["customers-2", pages],
    ["manifest-2", encodedManifest],
  ];
  it.each(golden)("is the one of the golden file %s: other bytes need another version", (name, segment) => {
    const kept = readFileSync(join(import.meta.dirname, `golden/${name}.hex`), "utf8");
    expect(
      Buffer.from(segment.bytes)
        .toString("hex")
        .replaceAll(/(.{64})/g, "$1\n"),
    ).toBe(kept.trimEnd());
  });

  it("gives a manifest back as it was", () => {
    expect(readManifest(encodedManifest.bytes)).toEqual(manifest);
  });

  it("reads a damaged manifest to an end, and says that it is damaged if it can't", () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 });
    let refused = 0;
    fc.assert(
      fc.property(damage, fc.option(fc.nat()), (changes, cut) => {
        const bytes = encodedManifest.bytes.slice();
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        try {
          readManifest(cut === null ? bytes : bytes.slice(0, cut % bytes.length));
        } catch (error) {
          refused++;
          expect(error).toBeInstanceOf(SegmentError);
        }
      }),
      { numRuns: 2_000 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  it("refuses bytes of another version or kind", () => {
    const other = prices.bytes.slice();
    other[4] = 3;
    expect(() => openPrices(other)).toThrow(SegmentError);
    expect(() => openPrices(pages.bytes)).toThrow(SegmentError);
    expect(() => openPages("products", pages.bytes)).toThrow(SegmentError);
    expect(() => openPrices(new Uint8Array())).toThrow(SegmentError);
  });

  it("reads damaged bytes to an end, and says that they are damaged if it can't", () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 });
    let refused = 0;
    fc.assert(
      fc.property(curves, damage, fc.option(fc.nat()), (entries, changes, cut) => {
        const { bytes } = encodePrices(new Map(entries));
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        const read = cut === null ? bytes : bytes.slice(0, cut % bytes.length);
        try {
          const segment = openPrices(read);
          for (const [key] of entries) {
            const stored = segment.find(key);
            if (stored !== undefined) JSON.stringify([curveOf(stored), stored.fingerprint()]);
          }
          for (const key of segment.keys()) segment.find(key);
        } catch (error) {
          refused++;
          expect(error).toBeInstanceOf(SegmentError);
        }
      }),
      { numRuns: 2_000 },
    );
    expect(refused).toBeGreaterThan(500);
  });
});
