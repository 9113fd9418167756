import { findMissing } from "./find-missing.ts";
import { judge } from "./judge.ts";
import { passesMax, refuseCycles, refusedIn } from "./refuse-cycles.ts";

/**
 * Decides what becomes of each staged line. When lines turn out to close a circle, they are refused and the
 * rest is decided again, as if they had not come.
 */
export function decide(db: D1Database, batch: number, openedSequence: number | null): D1PreparedStatement[] {
  const once = (decided: string) => [
    ...findMissing(db, batch, decided),
    ...judge(db, batch, { openedSequence, decided }),
  ];
  const passes = Array.from({ length: passesMax }, (_, index) => index + 1);
  return [
    ...once("?1"),
    ...passes.flatMap((pass) => [refuseCycles(db, batch, pass), ...once(refusedIn(pass))]),
  ];
}
