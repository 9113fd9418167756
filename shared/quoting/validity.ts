import { dayNumber, dayText } from "../pricing/calendar.ts";
import { parseInstant, type Instant } from "../pricing/instant.ts";
import { currentRevision, type Quote, type QuoteStatus } from "./quote.ts";

const defaultValidityDays = 30;

/** The states in which the end of the validity ends the quote. */
const lapsing: readonly QuoteStatus[] = ["awaiting_approval", "approved", "sent"];

/** When the quote ends if nothing happens; undefined: it does not. */
export function endOfValidity(quote: Quote): Instant | undefined {
  const { validUntil } = currentRevision(quote).terms;
  return validUntil !== undefined && lapsing.includes(quote.status) ? instantOf(validUntil) : undefined;
}

/** Whether the validity has passed, though the event that says so may not be there yet. */
export function hasLapsed(quote: Quote, at: string): boolean {
  const end = endOfValidity(quote);
  return end !== undefined && end <= instantOf(at);
}

export function isAfter(instant: string, at: string): boolean {
  return instantOf(instant) > instantOf(at);
}

/** The same time of day, 30 days later. */
export function defaultValidUntil(at: string): string {
  const day = dayNumber(Number(at.slice(0, 4)), Number(at.slice(5, 7)), Number(at.slice(8, 10)));
  return dayText(day + defaultValidityDays) + at.slice(10);
}

/**
 * @throws {RangeError} when the text is no RFC 3339 instant, which is checked where it comes in
 */
export function instantOf(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === undefined) throw new RangeError(`Cannot read an instant: ${JSON.stringify(text)}`);
  return instant;
}
