import fc from "fast-check";
import { expect, it } from "vitest";
import { contentHash } from "../../shared/quoting/content-hash.ts";
import type { Revision } from "../../shared/quoting/quote.ts";
import { playStory } from "../support/quote-story.ts";
import { allStories } from "../support/story-files.ts";

const revisions = allStories.flatMap((story) => playStory(story).world.quote.revisions);

it("changes with anything that the content says", () => {
  fc.assert(
    fc.property(fc.constantFrom(...revisions), fc.nat(), (revision, nth) => {
      const { number, by, at, ...content } = revision;
      const paths = leavesOf(content);
      const path = paths[nth % paths.length] ?? "";
      const changed: Omit<Revision, "number" | "by" | "at"> = JSON.parse(JSON.stringify(content));
      change(changed, path.split("/"));
      expect(hashOf({ number, by, at, ...changed })).not.toBe(hashOf(revision));
    }),
    { numRuns: 500 },
  );
});

it("changes with the customer and the currency", () => {
  const [revision] = revisions;
  if (revision === undefined) throw new Error("There is a revision");
  expect(contentHash(revision, "EUR", "C-101")).not.toBe(hashOf(revision));
  expect(contentHash(revision, "USD", "C-100")).not.toBe(hashOf(revision));
});

it("is the same whoever says the same, whenever, in whatever order", () => {
  for (const revision of revisions) {
    const turned = Object.fromEntries(Object.entries(revision).toReversed()) as unknown as Revision;
    expect(hashOf({ ...turned, number: 9, by: "system", at: "2030-01-01T00:00:00Z" })).toBe(hashOf(revision));
  }
});

function hashOf(revision: Revision): string {
  return contentHash(revision, "EUR", "C-100");
}

/** The paths of all texts and numbers. */
function leavesOf(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [""];
  return Object.entries(value).flatMap(([key, each]) =>
    leavesOf(each).map((path) => (path === "" ? key : `${key}/${path}`)),
  );
}

function change(value: object, [key = "", ...rest]: readonly string[]): void {
  const members = value as Record<string, unknown>;
  const member = members[key];
  if (rest.length > 0 && typeof member === "object" && member !== null) change(member, rest);
  else members[key] = typeof member === "number" ? member + 1 : `${String(member)}0`;
}
