import fc from "fast-check";
import { expect, it } from "vitest";
import { differences } from "../../shared/quoting/differences.ts";
import { currentRevision } from "../../shared/quoting/quote.ts";
import { playStory } from "../support/quote-story.ts";
import { playText } from "../support/play-text.ts";
import { allStories } from "../support/story-files.ts";

it("re-pricing names each price that is another, and nothing else", () => {
  const { world } = playText(`
price BIKE 100.00
price HELMET 30.00
sally opens 40 BIKE asking 80.00 at 90.00, 2 HELMET -> draft
price BIKE 120.00
sally reprices -> draft
`);
  const [before, after] = world.quote.revisions;
  expect(differences(before, after ?? before)).toEqual({
    terms: [],
    items: [
      {
        line: "1",
        item: "0",
        sku: "BIKE",
        kind: "changed",
        changes: [
          {
            field: "listed",
            before: { unit: "EA", unitPrice: "100.00", per: "1", lineTotal: "4000.00" },
            after: { unit: "EA", unitPrice: "120.00", per: "1", lineTotal: "4800.00" },
          },
          { field: "discountPercent", before: "10.00", after: "25.00" },
        ],
      },
    ],
  });
});

it("what came, what went, and other terms are named", () => {
  const { world } = playText(`
price BIKE 100.00
price HELMET 30.00
buyer opens 40 BIKE or 50 BIKE, 2 HELMET -> draft
buyer revises 40 BIKE, 2 HELMET or 3 HELMET po 4711 -> draft
`);
  const [before, after] = world.quote.revisions;
  expect(differences(before, after ?? before)).toEqual({
    terms: [{ field: "purchaseOrder", after: "4711" }],
    items: [
      { line: "2", item: "1", sku: "HELMET", kind: "added" },
      { line: "1", item: "1", sku: "BIKE", kind: "removed" },
    ],
  });
});

it("a revision has none to itself, and those to another turn round", { timeout: 60_000 }, () => {
  const quotes = allStories.map((story) => playStory(story).world.quote);
  fc.assert(
    fc.property(fc.constantFrom(...quotes), fc.nat(), (quote, nth) => {
      const before = quote.revisions[nth % quote.revisions.length] ?? currentRevision(quote);
      const after = currentRevision(quote);
      expect(differences(after, after)).toEqual({ terms: [], items: [] });
      const [there, back] = [differences(before, after), differences(after, before)];
      expect(back.items.length).toBe(there.items.length);
      expect(back.terms.map(({ field }) => field)).toEqual(there.terms.map(({ field }) => field));
      expect(back.total).toEqual(
        there.total === undefined ? undefined : { before: there.total.after, after: there.total.before },
      );
    }),
  );
});
