import type { GuardSettings } from "./guard-settings.ts";
import { checkNames, type CheckName, type Example, type TallyState } from "./tally.ts";

/** A check that fired: so many prices of so many. */
export interface FiredCheck {
  readonly check: CheckName;
  readonly prices: number;
  /** `gone`: of the live prices; else of the prices that changed. */
  readonly of: number;
  readonly examples: readonly Example[];
}

/** Why a snapshot is held, as it is kept with it. */
export interface GuardReport {
  /** The live snapshot that it was compared with. */
  readonly live: string;
  readonly checks: readonly FiredCheck[];
}

/**
 * The checks that fire; none: the publish goes live.
 * @param total how many prices are live, or more prices than are too few for `gone` to fire
 */
export function firedChecks(tally: TallyState, total: number, settings: GuardSettings): FiredCheck[] {
  return checkNames.flatMap((check) => {
    const { prices, examples } = tally.found[check];
    const of = check === "gone" ? total : tally.changed;
    return isFired(check, tally, of, settings) ? [{ check, prices, of, examples }] : [];
  });
}

/** Whether `gone` fires if no more prices are live than these. */
export function isGoneAmong(tally: TallyState, total: number, settings: GuardSettings): boolean {
  return isFired("gone", tally, total, settings);
}

function isFired(check: CheckName, { found }: TallyState, of: number, settings: GuardSettings): boolean {
  const { prices, skus } = found[check];
  return prices > 0 && skus.length >= settings.productsMin && prices * 100 >= of * percentOf(check, settings);
}

function percentOf(check: CheckName, { jumpedPercent, zeroPercent, gonePercent }: GuardSettings): number {
  switch (check) {
    case "jumped":
      return jumpedPercent;
    case "zero":
      return zeroPercent;
    case "gone":
      return gonePercent;
  }
}
