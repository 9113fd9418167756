import fc from "fast-check";
import { expect, it } from "vitest";
import { dueEvents, timersOf } from "../../shared/quoting/timers.ts";
import { playText } from "../support/play-text.ts";
import { system, type QuoteWorld } from "../support/quote-world.ts";

const hour = 3_600_000;

/** It expires after 20 hours, is reminded after 4 and escalated after 8. */
function awaiting(): QuoteWorld {
  return playText(`
price BIKE 100.00
policy tier 1 needs 1 of person:ann remind 4 escalate 8 to role:director
sally opens 40 BIKE until 2026-06-16T08:00:00Z -> draft
sally offers -> awaiting_approval
`).world;
}

it("nothing comes due before its time, and everything at it", () => {
  const { quote, now } = awaiting();
  for (const { kind, at } of timersOf(quote)) {
    const kinds = (instant: number) => dueEvents(quote, instant).map(({ type }) => type);
    const type = { remind: "reminded", escalate: "escalated", expire: "expired" }[kind];
    expect(kinds(at - 1)).not.toContain(type);
    expect(kinds(at)).toContain(type);
  }
  expect(timersOf(quote).map(({ at }) => (at - now) / hour)).toEqual([4, 8, 20]);
});

it(
  "however late and however often time is looked at, each thing happens once and the end is the same",
  { timeout: 60_000 },
  () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 12 }), (hours) => {
        const world = awaiting();
        const start = world.now;
        let latest = 0;
        for (const each of hours) {
          // A late alarm may also be one that was meant for earlier: time never goes back.
          latest = Math.max(latest, each);
          world.now = start + latest * hour;
          world.append(system, dueEvents(world.quote, world.now));
          expect(dueEvents(world.quote, world.now)).toEqual([]);
        }
        const types = world.log.map(({ event }) => event.type).filter((type) => type !== "opened");
        for (const type of ["reminded", "escalated", "expired"] as const) {
          expect(types.filter((each) => each === type).length).toBeLessThanOrEqual(1);
        }
        const expected = latest >= 20 ? "expired" : "awaiting_approval";
        expect(world.quote.status).toBe(expected);
        if (latest >= 20) expect(timersOf(world.quote)).toEqual([]);
        else expect(timersOf(world.quote).every(({ at }) => at > world.now)).toBe(true);
      }),
    );
  },
);
