import { dayNumber } from "./calendar.ts";
import { parseInstant, type Instant } from "./instant.ts";
import type { DateText } from "./records.ts";
import { startOfDay } from "./time-zone.ts";

/** From `from` on, until before `until`; an open end is infinite. */
export interface Period {
  readonly from: Instant;
  readonly until: Instant;
}

/** What ERPs write for 'no date'. */
export const openDates: ReadonlySet<string> = new Set([
  "0000-00-00",
  "1900-01-01",
  "2500-12-31",
  "9999-12-31",
]);

/** The period of a record's dates, where a date without a time is the whole local day in `zone`. */
export function periodOf(
  dates: { from?: DateText | undefined; until?: DateText | undefined },
  zone: string,
): Period {
  return {
    from: bound(dates.from, 0, zone) ?? -Infinity,
    until: bound(dates.until, 1, zone) ?? Infinity,
  };
}

export function isInForce(period: Period, at: Instant): boolean {
  return period.from <= at && at < period.until;
}

export function isAlways(period: Period): boolean {
  return period.from === -Infinity && period.until === Infinity;
}

/** Adds the ends that it has. */
export function noteEnds(period: Period | undefined, instants: Instant[]): void {
  if (period === undefined) return;
  if (period.from !== -Infinity) instants.push(period.from);
  if (period.until !== Infinity) instants.push(period.until);
}

const boundsByZone = new Map<string, Map<string, Instant>>();
const boundsKeptMax = 10_000;

function bound(text: DateText | undefined, daysAfter: 0 | 1, zone: string): Instant | undefined {
  if (text === undefined || openDates.has(text)) return undefined;
  const instant = parseInstant(text);
  if (instant !== undefined) return instant;
  const bounds = boundsByZone.get(zone) ?? new Map<string, Instant>();
  boundsByZone.set(zone, bounds);
  const key = `${daysAfter}${text}`;
  const known = bounds.get(key);
  if (known !== undefined) return known;
  const [year, month, day] = text.split("-").map(Number);
  const made = startOfDay(dayNumber(year ?? 0, month ?? 0, day ?? 0) + daysAfter, zone);
  if (bounds.size < boundsKeptMax) bounds.set(key, made);
  return made;
}
