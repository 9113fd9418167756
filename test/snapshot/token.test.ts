import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFreshEnough, readToken, signToken } from "../../shared/snapshot/token.ts";

const freshness = fc.record({
  number: fc.integer({ min: 0, max: 999_999_999 }),
  through: fc.integer({ min: 0, max: 999_999_999 }),
});

describe("a token", () => {
  it("gives back what was signed", () => {
    fc.assert(
      fc.property(freshness, fc.string({ minLength: 32 }), (wanted, secret) => {
        expect(readToken(signToken(wanted, secret), secret)).toEqual(wanted);
      }),
    );
  });

  it("is refused when one character is another, or the secret is", () => {
    const secret = "a secret of 32 characters or more";
    const token = signToken({ number: 12, through: 34 }, secret);
    expect(readToken(token, `${secret}!`)).toBeUndefined();
    for (let index = 0; index < token.length; index++) {
      const other = token[index] === "1" ? "2" : "1";
      expect(readToken(token.slice(0, index) + other + token.slice(index + 1), secret)).toBeUndefined();
    }
  });

  it("asks for a head that is no older, and for records that have been live", () => {
    const head = { number: 5, through: 40, snapshot: "s", sequence: 30, manifest: "m", movedAt: "" };
    const asked = [
      { number: 5, through: 40 },
      { number: 6, through: 40 },
      { number: 5, through: 41 },
    ];
    expect(asked.map((wanted) => isFreshEnough(head, wanted))).toEqual([true, false, false]);
  });

  it("is not signed with a secret that is missing or short", () => {
    expect(() => signToken({ number: 1, through: 1 }, "short")).toThrow("32 characters");
  });
});
