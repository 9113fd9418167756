import { findMissing } from "./find-missing.ts";
import { judge } from "./judge.ts";
import { passesMax, refuseCycles, refusedIn } from "./refuse-cycles.ts";

/**
 * Decides what becomes of each staged line. When lines turn out to close a circle, they are refused and the
 * rest is decided again, as if they had not come.
 */
export function decide(db: D1Database, batch: number, openedSequence: number | null): D1PreparedStatement[] {
  const once = (when: string) => [
    ...findMissing(db, batch, when),
    judge(db, batch, { openedSequence, when }),
  ];
  const passes = Array.from({ length: passesMax }, (_, index) => index + 1);
  return [
    ...once("TRUE"),
    ...passes.flatMap((pass) => [refuseCycles(db, batch, pass), ...once(refusedIn(pass))]),
  ];
}
