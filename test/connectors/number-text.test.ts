import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimalOfFloat, exactDecimal } from "../../control-plane/connectors/number-text.ts";
import { formatDecimal } from "../../shared/pricing/rounding.ts";

/** A decimal of at most 15 digits, as people enter it. */
const entered = fc
  .record({
    digits: fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n }),
    places: fc.integer({ min: 0, max: 8 }),
  })
  .map(({ digits, places }) => ({ places, text: formatDecimal(digits, places, 0) }));

describe("a number's text", () => {
  it("of a float gives back the decimal that was stored in it", () => {
    fc.assert(
      fc.property(entered, ({ text, places }) => {
        expect(decimalOfFloat(String(Number(text)), places)).toBe(text);
      }),
    );
  });

  it("of a float that was calculated loses the noise", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 6 }), fc.integer({ min: 1, max: 10 ** 6 }), (a, b) => {
        const sum = formatDecimal(BigInt(a + b), 2, 0);
        expect(decimalOfFloat(String(a / 100 + b / 100), 2)).toBe(sum);
      }),
    );
  });

  it("is kept whole where it is exact", () => {
    expect(
      ["12.50", "-0", "1E-05", "1e3", "123456789012345678901234567890.12345678"].map(exactDecimal),
    ).toEqual(["12.5", "0", "0.00001", "1000", "123456789012345678901234567890.12345678"]);
  });

  it("that is none gives nothing", () => {
    expect(["", "NaN", ".5", "1e99999", "0x10"].map(exactDecimal)).toEqual(
      Array.from({ length: 5 }, () => undefined),
    );
  });
});
