import type * as z from "zod";
import { dayNumber } from "../../pricing/calendar.ts";
import { parseInstant } from "../../pricing/instant.ts";
import { openDates } from "../../pricing/period.ts";
import { refuse } from "./refusal.ts";

const millisecondsAnHour = 3_600_000;
// Local days begin between 14 hours before and 12 hours after the day of UTC.
const earliestOffset = -14 * millisecondsAnHour;
const latestOffset = 12 * millisecondsAnHour;

/**
 * `until` must come after `from`. A day as `until` includes that day, so a window of one day is in order. A day
 * against an instant depends on the company's time zone, which a record doesn't know: it is refused only if it
 * is inverted in every zone.
 */
export function windowInOrder(
  record: z.core.ParsePayload<{ from?: string | undefined; until?: string | undefined }>,
): void {
  const { from, until } = record.value;
  if (from === undefined || until === undefined || openDates.has(from) || openDates.has(until)) return;
  if (isInverted(from, until)) refuse(record, "inverted_window", "until is not after from", ["until"]);
}

function isInverted(from: string, until: string): boolean {
  const fromInstant = parseInstant(from);
  const untilInstant = parseInstant(until);
  if (fromInstant === undefined && untilInstant === undefined) return until < from;
  const start = fromInstant ?? startOfDayUtc(from) + earliestOffset;
  const end = untilInstant ?? startOfDayUtc(until) + 24 * millisecondsAnHour + latestOffset;
  return end <= start;
}

function startOfDayUtc(day: string): number {
  const [year, month, date] = day.split("-").map(Number);
  return dayNumber(year ?? 0, month ?? 0, date ?? 0) * 24 * millisecondsAnHour;
}
