import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  add,
  compare,
  divide,
  isMultipleOf,
  multiply,
  parseDecimal,
  subtract,
} from "../../shared/pricing/fraction.ts";
import { formatDecimal, round } from "../../shared/pricing/rounding.ts";
import { sumOfDecimals } from "../../shared/pricing/sum-of-decimals.ts";

/** A decimal text of up to 30 digits, with what it is: an integer at a scale. */
const decimal = fc
  .record({
    digits: fc.bigInt({ min: -(10n ** 30n) + 1n, max: 10n ** 30n - 1n }),
    places: fc.integer({ min: 0, max: 8 }),
  })
  .map(({ digits, places }) => ({ digits, places, text: formatDecimal(digits, places, places) }));

const modes = ["half-up", "half-even", "down", "up"] as const;

describe("a decimal", () => {
  it("is read and written without a digit more or less", () => {
    fc.assert(
      fc.property(decimal, ({ digits, places, text }) => {
        const { numerator, denominator } = parseDecimal(text);
        expect(numerator * 10n ** BigInt(places)).toBe(digits * denominator);
      }),
    );
  });

  it("is written with at least the places asked for, and no trailing zero beyond", () => {
    expect([
      formatDecimal(93000n, 4, 2),
      formatDecimal(93333n, 4, 2),
      formatDecimal(90000n, 4, 0),
      formatDecimal(9n, 0, 2),
      formatDecimal(-5n, 2, 2),
      formatDecimal(0n, 4, 2),
    ]).toEqual(["9.30", "9.3333", "9", "9.00", "-0.05", "0.00"]);
  });

  it("is added, subtracted, multiplied and divided as integers at one scale are", () => {
    const scale = 10n ** 8n;
    const scaled = ({ digits, places }: { digits: bigint; places: number }) =>
      digits * 10n ** BigInt(8 - places);
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const [x, y] = [parseDecimal(a.text), parseDecimal(b.text)];
        const [i, j] = [scaled(a), scaled(b)];
        expect(compare(add(x, y), { numerator: i + j, denominator: scale })).toBe(0);
        expect(compare(subtract(x, y), { numerator: i - j, denominator: scale })).toBe(0);
        expect(compare(multiply(x, y), { numerator: i * j, denominator: scale * scale })).toBe(0);
        if (j !== 0n) expect(compare(multiply(divide(x, y), y), x)).toBe(0);
        expect(Math.sign(compare(x, y))).toBe(i < j ? -1 : i > j ? 1 : 0);
      }),
    );
  });

  it("is a multiple of a step when some whole number of steps makes it", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 9n }),
        fc.bigInt({ min: 0n, max: 10n ** 9n }),
        (step, count) => {
          const stepText = formatDecimal(step, 4, 4);
          expect(isMultipleOf(parseDecimal(formatDecimal(step * count, 4, 4)), parseDecimal(stepText))).toBe(
            true,
          );
          if (step > 1n) {
            const between = formatDecimal(step * count + 1n, 4, 4);
            expect(isMultipleOf(parseDecimal(between), parseDecimal(stepText))).toBe(false);
          }
        },
      ),
    );
  });
});

describe("rounding", () => {
  it("gives a neighbour of the exact value, the one that its mode says", () => {
    const fraction = fc.record({
      numerator: fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
      denominator: fc.bigInt({ min: 1n, max: 10n ** 10n }),
    });
    fc.assert(
      fc.property(fraction, fc.integer({ min: 0, max: 8 }), (value, places) => {
        const exact = multiply(value, { numerator: 10n ** BigInt(places), denominator: 1n });
        for (const mode of modes) {
          const rounded = { numerator: round(value, places, mode), denominator: 1n };
          const away = subtract(rounded, exact);
          const distance = away.numerator < 0n ? { ...away, numerator: -away.numerator } : away;
          expect(compare(distance, { numerator: 1n, denominator: 1n })).toBeLessThan(0);
          if (mode.startsWith("half")) {
            expect(compare(distance, { numerator: 1n, denominator: 2n })).toBeLessThanOrEqual(0);
          } else {
            const grew = (exact.numerator < 0n ? -1n : 1n) * away.numerator;
            expect(mode === "up" ? grew >= 0n : grew <= 0n).toBe(true);
          }
        }
      }),
    );
  });

  it.each([
    ["half-up", ["1", "2", "3", "-1", "-2"]],
    ["half-even", ["0", "2", "2", "0", "-2"]],
    ["down", ["0", "1", "2", "0", "-1"]],
    ["up", ["1", "2", "3", "-1", "-2"]],
  ] as const)("breaks ties %s", (mode, expected) => {
    const ties = ["0.5", "1.5", "2.5", "-0.5", "-1.5"];
    expect(ties.map((text) => formatDecimal(round(parseDecimal(text), 0, mode), 0, 0))).toEqual(expected);
  });
});

describe("a sum of decimals", () => {
  it("is exact, of small ones and of any", () => {
    const small = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.integer({ min: 0, max: 8 }));
    const any = fc.tuple(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.integer({ min: 0, max: 8 }));
    fc.assert(
      fc.property(fc.array(fc.oneof(small, any), { maxLength: 50 }), (numbers) => {
        const texts = numbers.map(([scaled, places]) => formatDecimal(scaled, places, places));
        const expected = texts.map(parseDecimal).reduce(add, parseDecimal("0"));
        expect(compare(sumOfDecimals(texts), expected)).toBe(0);
      }),
    );
  });
});
