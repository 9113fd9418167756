import fc from "fast-check";
import { expect, it } from "vitest";
import { appendToChain, findBreak } from "../../shared/quoting/audit-chain.ts";
import type { LoggedEvent } from "../../shared/quoting/event.ts";
import { playStory } from "../support/quote-story.ts";
import { reduceAll } from "../support/reduce-all.ts";
import { allStories } from "../support/story-files.ts";

const logs = allStories.map((story) => playStory(story).world.log).filter((log) => log.length > 2);
const logArbitrary = fc.constantFrom(...logs);

/** The log is not the one whose last hash was kept elsewhere, or does not hold together. */
function isFound(log: readonly LoggedEvent[], kept: LoggedEvent | undefined): boolean {
  return findBreak(log) !== undefined || log.at(-1)?.hash !== kept?.hash;
}

it("a log that nobody touched is whole", () => {
  for (const log of logs) expect(isFound(log, log.at(-1))).toBe(false);
});

it("any change of any value is found where it is", () => {
  fc.assert(
    fc.property(logArbitrary, fc.nat(), fc.nat(), (log, entry, value) => {
      const at = entry % log.length;
      const changed = log.map((each, index) => (index === at ? withChange(each, value) : each));
      expect(findBreak(changed)).toBe(at + 1);
    }),
    { numRuns: 500 },
  );
});

it("a field that was added or left out is found", () => {
  fc.assert(
    fc.property(logArbitrary, fc.nat(), (log, entry) => {
      const at = entry % log.length;
      const added = log.map((each, index) =>
        index === at ? { ...each, event: { ...each.event, extra: 1 } } : each,
      );
      const lacking = log.map((each, index) =>
        index === at
          ? { ...each, actor: { party: each.actor.party, person: each.actor.person, key: "" } }
          : each,
      );
      expect([findBreak(added), findBreak(lacking)]).toEqual([at + 1, at + 1]);
    }),
  );
});

it("a deletion is found, wherever it is", () => {
  fc.assert(
    fc.property(logArbitrary, fc.nat(), (log, entry) => {
      const at = entry % log.length;
      expect(isFound(log.toSpliced(at, 1), log.at(-1))).toBe(true);
      // Also with the numbers made good.
      const renumbered = log.toSpliced(at, 1).map((each, index) => ({ ...each, seq: index + 1 }));
      expect(isFound(renumbered, log.at(-1))).toBe(true);
    }),
  );
});

it("another order is found, also with the numbers made good", () => {
  fc.assert(
    fc.property(logArbitrary, fc.nat(), fc.nat(), (log, first, second) => {
      const [a, b] = [first % log.length, second % log.length];
      fc.pre(a !== b);
      const swapped = log.map((each, index) => log[index === a ? b : index === b ? a : index] ?? each);
      expect(findBreak(swapped)).toBeDefined();
      const renumbered = swapped.map((each, index) => ({ ...each, seq: index + 1 }));
      expect(findBreak(renumbered)).toBeDefined();
    }),
  );
});

it("a cut-off end is whole by itself, and found by the hash that was kept", () => {
  fc.assert(
    fc.property(logArbitrary, fc.nat(), (log, length) => {
      const cut = log.slice(0, length % log.length);
      expect(findBreak(cut)).toBeUndefined();
      expect(isFound(cut, log.at(-1))).toBe(true);
    }),
  );
});

it("an entry that is replaced with its hash made good breaks the next", () => {
  fc.assert(
    fc.property(logArbitrary, fc.nat(), (log, entry) => {
      const at = entry % (log.length - 1);
      const replaced = log[at];
      if (replaced === undefined) throw new Error("There is an entry");
      const { actor, ...rest } = replaced;
      const made = appendToChain(log[at - 1], { ...rest, actor: { ...actor, person: "somebody else" } });
      expect(findBreak(log.with(at, made))).toBe(at + 2);
    }),
  );
});

it("the order of keys, in which storage may give an entry back, changes nothing", () => {
  for (const log of logs) {
    const turned: LoggedEvent[] = JSON.parse(JSON.stringify(log, (_key, value) => turn(value)));
    expect(findBreak(turned)).toBeUndefined();
  }
});

it("fields that a later version adds to events change no state", () => {
  for (const log of logs) {
    const later = log.map((each) => ({ ...each, event: { ...each.event, later: { than: "now" } }, note: 1 }));
    expect(reduceAll(later)).toEqual(reduceAll(log));
  }
});

it("an event out of order, or of a kind that is not known, is no state at all", () => {
  const [log] = logs;
  if (log === undefined) throw new Error("There is a log");
  expect(() => reduceAll(log.slice(1))).toThrow(RangeError);
  expect(() => reduceAll(log.toSpliced(1, 1))).toThrow(RangeError);
  const strange: LoggedEvent[] = JSON.parse(
    JSON.stringify(log.map((each, index) => (index === 1 ? { ...each, event: { type: "paused" } } : each))),
  );
  expect(() => reduceAll(strange)).toThrow(RangeError);
});

/** The entry with one of its texts or numbers changed. */
function withChange(entry: LoggedEvent, value: number): LoggedEvent {
  let count = 0;
  const { hash, ...rest } = entry;
  const total = leaves(rest);
  const changed: Omit<LoggedEvent, "hash"> = JSON.parse(
    JSON.stringify(rest, (_key, each) => {
      if (typeof each !== "string" && typeof each !== "number" && typeof each !== "boolean") return each;
      return count++ === value % total
        ? typeof each === "string"
          ? `${each} `
          : typeof each === "number"
            ? each + 1
            : !each
        : each;
    }),
  );
  return { ...changed, hash };
}

function leaves(value: unknown): number {
  if (typeof value !== "object" || value === null) return value === null || value === undefined ? 0 : 1;
  return Object.values(value).reduce((sum: number, each) => sum + leaves(each), 0);
}

function turn(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toReversed());
}
