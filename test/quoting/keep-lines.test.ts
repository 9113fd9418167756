import { describe, expect, it } from "vitest";
import type { QuoteLine } from "../../shared/quoting/line.ts";
import { keepLines, type NewLine } from "../../workers/quotes/keep-lines.ts";
import { setTerms } from "../../workers/quotes/set-terms.ts";

const was = (line: string, sku: string, unit = "EA"): QuoteLine => ({
  line,
  own: { item: "0", sku, name: sku, quantity: "1", unit, per: "1", listed: { unavailable: "no_price" } },
  alternatives: [],
});
const is = (sku: string, more: Partial<NewLine> = {}): NewLine => ({ sku, unit: "EA", ...more });
const numbers = (lines: readonly NewLine[], before: readonly QuoteLine[], last: number) => {
  const kept = keepLines(lines, before, last);
  return kept.kind === "kept" ? kept.lines.map(({ line }) => line) : kept;
};

describe("lines that go on: it promises that…", () => {
  it("first lines are numbered from 1", () => {
    expect(numbers([is("A"), is("A"), is("B")], [], 0)).toEqual(["1", "2", "3"]);
  });

  it("a line goes on by its product and unit, wherever it stands", () => {
    const before = [was("1", "A"), was("2", "B"), was("3", "B", "BOX")];
    expect(numbers([is("B", { unit: "BOX" }), is("B"), is("A")], before, 3)).toEqual(["3", "2", "1"]);
  });

  it("two lines of one product go on in their order", () => {
    expect(numbers([is("A"), is("A"), is("A")], [was("1", "A"), was("4", "A")], 4)).toEqual(["1", "4", "5"]);
  });

  it("a named line is that one, even of another product, and is taken from nobody", () => {
    const before = [was("1", "A"), was("2", "A")];
    expect(numbers([is("A"), is("Z", { line: "1" })], before, 2)).toEqual(["2", "1"]);
  });

  it("a number is never used again for another line", () => {
    expect(numbers([is("C"), is("A")], [was("1", "A")], 7)).toEqual(["8", "1"]);
  });

  it.each([
    [[is("A", { line: "9" })], 0],
    [[is("A", { line: "1" }), is("A", { line: "1" })], 1],
  ])("a line that is not there, or named twice, is refused", (lines, index) => {
    expect(numbers(lines, [was("1", "A")], 1)).toEqual({ kind: "unknown_line", index });
  });
});

describe("terms that go on: it promises that…", () => {
  const before = {
    validUntil: "2030-01-01T00:00:00Z",
    note: "old",
    contacts: [{ name: "C" }],
    attachments: [{ name: "a", url: "https://a.example/" }],
  };

  it("what is left out stays", () => {
    expect(setTerms({}, before)).toEqual(before);
  });

  it("null takes away, and a value replaces", () => {
    expect(
      setTerms({ validUntil: null, note: "new", contacts: [], paymentTerms: "30 days" }, before),
    ).toEqual({
      note: "new",
      paymentTerms: "30 days",
      contacts: [],
      attachments: before.attachments,
    });
  });
});
