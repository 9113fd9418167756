import { dayNumber } from "./calendar.ts";

/** Milliseconds since 1970-01-01T00:00:00Z; further digits of a text are dropped. */
export type Instant = number;

const form =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/**
 * The instant of an RFC 3339 text, or undefined when it has another form. The calendar is not checked: that
 * is done where the text comes in.
 */
export function parseInstant(text: string): Instant | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, sign, offsetHour, offsetMinute] = match;
  const offset = (Number(offsetHour ?? 0) * 60 + Number(offsetMinute ?? 0)) * (sign === "-" ? -1 : 1);
  const minutes =
    dayNumber(Number(year), Number(month), Number(day)) * 1440 + Number(hour) * 60 + Number(minute);
  return (
    ((minutes - offset) * 60 + Number(second)) * 1000 + Number((fraction ?? "").slice(0, 3).padEnd(3, "0"))
  );
}
