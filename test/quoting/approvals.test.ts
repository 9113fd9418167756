import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseApprovalStories, playApprovalStory } from "../support/approval-story.ts";

const stories = parseApprovalStories(readFileSync(join(import.meta.dirname, "approvals.txt"), "utf8"));

describe("approvals.txt", () => {
  it.each(stories.map((story) => [story.title, story] as const))("%s", (_title, story) => {
    expect(playApprovalStory(story)).toBe(story.expected);
  });
});

/** One item, in cents. */
interface Item {
  readonly price: number;
  readonly listed: number | undefined;
  readonly cost: number | undefined;
}

interface Row {
  readonly condition:
    | "discountAbove"
    | "marginBelow"
    | "lineDiscountAbove"
    | "lineMarginBelow"
    | "totalAbove";
  readonly bound: number;
}

const cents = fc.integer({ min: 0, max: 1200 });
const maybe = fc.option(cents, { nil: undefined, freq: 12 });
const itemArbitrary: fc.Arbitrary<Item> = fc.record({ price: cents, listed: maybe, cost: maybe });
const linesArbitrary = fc.array(fc.array(itemArbitrary, { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 4,
});
const rowsArbitrary: fc.Arbitrary<Row[]> = fc.array(
  fc.record({
    condition: fc.constantFrom(
      "discountAbove",
      "marginBelow",
      "lineDiscountAbove",
      "lineMarginBelow",
      "totalAbove",
    ),
    bound: fc.integer({ min: 0, max: 100 }),
  }),
  { minLength: 1, maxLength: 3 },
);

/** Says it the slow way: every choice that a buyer has, in whole cents. */
function asksNaively({ condition, bound }: Row, lines: readonly (readonly Item[])[]): boolean {
  const items = lines.flat();
  switch (condition) {
    case "lineDiscountAbove":
      return items.some((item) => isDiscountAbove([item], bound));
    case "lineMarginBelow":
      return items.some((item) => isMarginBelow([item], bound));
    case "discountAbove":
      return (
        items.some(({ listed }) => listed === undefined) ||
        choices(lines).some((c) => isDiscountAbove(c, bound))
      );
    case "marginBelow":
      return (
        items.some(({ cost }) => cost === undefined) || choices(lines).some((c) => isMarginBelow(c, bound))
      );
    case "totalAbove":
      return choices(lines).some((choice) => sum(choice, ({ price }) => price) > bound * 100);
  }
}

function isDiscountAbove(choice: readonly Item[], bound: number): boolean {
  if (choice.some(({ listed }) => listed === undefined)) return true;
  const listed = sum(choice, (item) => item.listed ?? 0);
  return (listed - sum(choice, ({ price }) => price)) * 100 > bound * listed;
}

function isMarginBelow(choice: readonly Item[], bound: number): boolean {
  const total = sum(choice, ({ price }) => price);
  if (total === 0 || choice.some(({ cost }) => cost === undefined)) return true;
  return (total - sum(choice, ({ cost }) => cost ?? 0)) * 100 < bound * total;
}

function sum(choice: readonly Item[], of: (item: Item) => number): number {
  return choice.reduce((all, item) => all + of(item), 0);
}

function choices(lines: readonly (readonly Item[])[]): Item[][] {
  return lines.reduce<Item[][]>(
    (known, items) => known.flatMap((choice) => items.map((item) => [...choice, item])),
    [[]],
  );
}

const text = (amount: number | undefined) => (amount === undefined ? "?" : (amount / 100).toFixed(2));

it("a row asks exactly when some choice of the buyer's, looked at one by one, is worse than it allows", () => {
  fc.assert(
    fc.property(linesArbitrary, rowsArbitrary, (lines, rows) => {
      const asked = [
        ...rows.map(
          ({ condition, bound }, row) =>
            `policy p${row} tier ${row + 1} when ${condition} ${bound}${condition === "totalAbove" ? ".00 EUR" : ""} needs role admin`,
        ),
        ...lines.flatMap((items, line) =>
          items.map(
            ({ price, listed, cost }, item) =>
              `line ${line + 1}/${item} 1 S${line}-${item} at ${text(price)} listed ${text(listed)} cost ${text(cost)}`,
          ),
        ),
      ].join("\n");
      const told = playApprovalStory({ asked });
      const asks = rows.map((_row, index) => told.includes(`-> tier ${index + 1} `));
      expect({ asked, asks }).toEqual({ asked, asks: rows.map((row) => asksNaively(row, lines)) });
    }),
    { numRuns: 500 },
  );
});
