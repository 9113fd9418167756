import type { Instant } from "../../shared/pricing/instant.ts";
import type { SnapshotContents } from "../../shared/snapshot/shard-pages.ts";
import { countPrices } from "./count-prices.ts";
import type { GuardSettings } from "./guard-settings.ts";
import { PriceWalk } from "./price-walk.ts";
import { emptyTally, Tally, type TallyState } from "./tally.ts";
import { firedChecks, isGoneAmong, type FiredCheck } from "./verdict.ts";

/** How far the judging of a snapshot has come, as it is kept from one step to the next. */
export interface Judging {
  /** The live snapshot that it is compared with. */
  readonly live: string;
  /** The live snapshot's manifest. */
  readonly manifest: string;
  readonly now: Instant;
  /** As they were when it began: what was counted by some is not judged by others. */
  readonly settings: GuardSettings;
  /** The next unit of the walk. */
  readonly unit: number;
  readonly tally: TallyState;
  /** The next unit of counting what is live, and what was counted. */
  readonly counted: { readonly unit: number; readonly prices: number };
  /** What was found, once all was looked at. */
  readonly fired?: readonly FiredCheck[];
}

export function beginJudging(
  live: { readonly snapshot: string; readonly manifest: string },
  now: Instant,
  settings: GuardSettings,
): Judging {
  return {
    live: live.snapshot,
    manifest: live.manifest,
    now,
    settings,
    unit: 0,
    tally: emptyTally,
    counted: { unit: 0, prices: 0 },
  };
}

/**
 * Goes on with judging as long as there is time, a unit at least.
 * @returns how far it has come; `fired` is there when it is done
 */
export async function judgeSome(
  judging: Judging,
  before: SnapshotContents,
  after: SnapshotContents,
  hasTime: () => boolean,
): Promise<Judging> {
  const { now, settings } = judging;
  const walk = new PriceWalk(before, after, { now, factor: settings.factor });
  const counts = new Tally(judging.tally, settings.productsMin);
  let { unit } = judging;
  while (unit < walk.units) {
    await walk.visit(unit++, counts);
    if (!hasTime()) break;
  }
  const tally = counts.state();
  if (unit < walk.units) return { ...judging, unit, tally };
  // How many prices are live takes reading all of them, so it is asked only where it can matter, and only until
  // there are too many for it to matter.
  let { counted } = judging;
  while (isGoneAmong(tally, Math.max(tally.looked, counted.prices), settings)) {
    const prices = await countPrices(counted.unit, before);
    if (prices === undefined) break;
    counted = { unit: counted.unit + 1, prices: counted.prices + prices };
    if (!hasTime()) return { ...judging, unit, tally, counted };
  }
  const total = Math.max(tally.looked, counted.prices);
  return { ...judging, unit, tally, counted, fired: firedChecks(tally, total, settings) };
}
