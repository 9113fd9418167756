import { dayNumber } from "./calendar.ts";
import type { Instant } from "./instant.ts";

const millisecondsADay = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether this runtime knows an IANA time zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * The first instant of a local day, `day` counted from 1970-01-01. That is not always a local midnight: where
 * clocks go forward at midnight the day begins at one, and a day that a zone skipped begins with the next.
 */
export function startOfDay(day: number, zone: string): Instant {
  const utcMidnight = day * millisecondsADay;
  if (zone === "UTC") return utcMidnight;
  let before = utcMidnight - 1.5 * millisecondsADay;
  let after = utcMidnight + 1.5 * millisecondsADay;
  const offset = offsetAt(before, zone);
  if (offset === offsetAt(after, zone)) return utcMidnight - offset;
  // The offset changes nearby; within a change the local day still never goes back past a day's first instant.
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (middle + offsetAt(middle, zone) >= utcMidnight) after = middle;
    else before = middle;
  }
  return after;
}

/** Local time minus UTC, in milliseconds. */
function offsetAt(at: Instant, zone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) parts[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  const local = dayNumber(year, month, day) * millisecondsADay + ((hour * 60 + minute) * 60 + second) * 1000;
  return local - Math.floor(at / 1000) * 1000;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US-u-hc-h23", {
    timeZone: zone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(zone, made);
  return made;
}
