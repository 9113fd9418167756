import type { Instant } from "../pricing/instant.ts";
import { askedTier } from "./decide-approval.ts";
import type { QuoteEvent } from "./event.ts";
import type { Quote } from "./quote.ts";
import { endOfValidity, instantOf } from "./validity.ts";

export interface Timer {
  readonly kind: "expire" | "remind" | "escalate";
  readonly at: Instant;
}

const hourMilliseconds = 3_600_000;

/** What is due when if nothing happens before; the soonest first. */
export function timersOf(quote: Quote): readonly Timer[] {
  const end = endOfValidity(quote);
  const timers: Timer[] = end === undefined ? [] : [{ kind: "expire", at: end }];
  const { approval } = quote;
  if (quote.status === "awaiting_approval" && approval !== undefined) {
    const { remindAfterHours, escalateAfterHours, escalateTo } = askedTier(approval);
    const after = (hours: number) => instantOf(approval.askedAt) + hours * hourMilliseconds;
    if (remindAfterHours !== undefined && !approval.reminded) {
      timers.push({ kind: "remind", at: after(remindAfterHours) });
    }
    if (escalateAfterHours !== undefined && escalateTo !== undefined && !approval.escalated) {
      timers.push({ kind: "escalate", at: after(escalateAfterHours) });
    }
  }
  return timers.toSorted((a, b) => a.at - b.at);
}

/** What time has done to the quote by an instant, to be appended by the system; nothing twice, however often asked. */
export function dueEvents(quote: Quote, at: Instant): readonly QuoteEvent[] {
  const due = timersOf(quote).filter((timer) => timer.at <= at);
  if (due.some(({ kind }) => kind === "expire")) return [{ type: "expired" }];
  return due.flatMap(({ kind }) => (kind === "expire" ? [] : approvalEvent(quote, kind)));
}

function approvalEvent({ approval }: Quote, kind: "remind" | "escalate"): readonly QuoteEvent[] {
  if (approval === undefined) return [];
  const { tier, escalateTo } = askedTier(approval);
  if (kind === "remind") return [{ type: "reminded", tier }];
  return escalateTo === undefined ? [] : [{ type: "escalated", tier, to: escalateTo }];
}
