import type { LoggedEvent } from "./event.ts";
import type { ApprovalState } from "./approval.ts";
import type { Quote, Revision } from "./quote.ts";

/**
 * The quote after one more event. A state follows from the log alone: nothing is looked up or decided here, and what
 * an event says besides what is read here changes nothing.
 * @throws {RangeError} when the event does not follow, or is of a kind that this version does not know
 */
export function reduce(quote: Quote | undefined, logged: LoggedEvent): Quote {
  const { seq, at, actor, event } = logged;
  if (seq !== (quote?.version ?? 0) + 1) {
    throw new RangeError(`Cannot reduce event ${seq} of a quote at version ${quote?.version ?? 0}`);
  }
  if (event.type === "opened") return open(logged, event);
  if (quote === undefined) throw new RangeError(`Cannot reduce ${event.type}: the quote was not opened`);
  const next: Quote = { ...quote, version: seq, changedAt: at };

  switch (event.type) {
    case "revised":
      return revised(next, event, logged);
    case "submitted":
      return { ...next, status: "requested", submitted: lastNumber(next) };
    case "offered": {
      const { contentHash, assessment, requesters } = event;
      const approval: ApprovalState = {
        contentHash,
        assessment,
        current: 0,
        askedAt: at,
        escalated: false,
        reminded: false,
        requesters,
        approvals: [],
        delegations: [],
      };
      const status = assessment.tiers.length === 0 ? "approved" : "awaiting_approval";
      return { ...withoutReason(next), status, approval, makers: withMaker(next, logged) };
    }
    case "approved": {
      const { tier, as, insteadOf, comment } = event;
      const approved = {
        tier,
        person: actor.person,
        as,
        at,
        ...(insteadOf === undefined ? {} : { insteadOf }),
      };
      const said =
        comment === undefined ? next : withComment(next, logged, { text: comment, internal: true });
      return withApproval(said, ({ approvals }) => ({ approvals: [...approvals, approved] }));
    }
    case "tier_met": {
      const asked = withApproval(next, ({ current }) => ({
        current: current + 1,
        askedAt: at,
        escalated: false,
        reminded: false,
      }));
      const { approval } = asked;
      const isLast = approval !== undefined && approval.current >= approval.assessment.tiers.length;
      return isLast ? { ...asked, status: "approved" } : asked;
    }
    case "rejected":
      return { ...next, status: "rejected", reason: event.reason };
    case "delegated": {
      const { tier, from, to, as, limits } = event;
      return withApproval(next, ({ delegations }) => ({
        delegations: [...delegations, { tier, from, to, as, limits }],
      }));
    }
    case "reminded":
      return withApproval(next, () => ({ reminded: true }));
    case "escalated":
      return withApproval(next, () => ({ escalated: true }));
    case "commented":
      return withComment(next, logged, event);
    case "sent":
      return { ...next, status: "sent", sentAt: at, sent: [...next.sent, lastNumber(next)] };
    case "accepted": {
      const { picks, contentHash, order, purchaseOrder, contact } = event;
      const acceptance = {
        at,
        picks,
        contentHash,
        order,
        ...(purchaseOrder === undefined ? {} : { purchaseOrder }),
        ...(contact === undefined ? {} : { contact }),
      };
      return { ...next, status: "accepted", acceptance, order: { id: order, status: "pending" } };
    }
    case "declined":
      return { ...withReason(next, event.reason), status: "declined" };
    case "withdrawn":
      return { ...withReason(next, event.reason), status: "withdrawn" };
    case "expired":
      return { ...next, status: "expired" };
    case "ordered":
      return {
        ...next,
        status: "ordered",
        order: { id: event.order, status: "placed", erpOrder: event.erpOrder },
      };
    case "order_refused":
      return { ...next, order: { id: event.order, status: "refused", problem: event.problem } };
    default:
      throw new RangeError(`Cannot reduce an event of a later version: ${JSON.stringify(event)}`);
  }
}

type EventOf<Type> = Extract<LoggedEvent["event"], { readonly type: Type }>;

function open({ seq, at, actor }: LoggedEvent, event: EventOf<"opened">): Quote {
  const { quote: id, customer, customerName, currency, channel, revision } = event;
  return {
    id,
    version: seq,
    status: "draft",
    customer,
    customerName,
    currency,
    ...(channel === undefined ? {} : { channel }),
    openedBy: actor.party,
    createdAt: at,
    changedAt: at,
    revisions: [revision],
    sent: [],
    makers: actor.party === "seller" ? [actor.person] : [],
    comments: [],
  };
}

/** What was approved or sent before is of another content now. */
function revised(quote: Quote, { revision, status }: EventOf<"revised">, logged: LoggedEvent): Quote {
  const { approval: _approval, sentAt: _sentAt, ...kept } = withoutReason(quote);
  const [first, ...more]: readonly [Revision, ...Revision[]] = quote.revisions;
  return { ...kept, status, revisions: [first, ...more, revision], makers: withMaker(quote, logged) };
}

function withMaker({ makers }: Quote, { actor }: LoggedEvent): readonly string[] {
  return actor.party !== "seller" || makers.includes(actor.person) ? makers : [...makers, actor.person];
}

function withApproval(quote: Quote, change: (approval: ApprovalState) => Partial<ApprovalState>): Quote {
  const { approval } = quote;
  return approval === undefined ? quote : { ...quote, approval: { ...approval, ...change(approval) } };
}

function withComment(
  quote: Quote,
  { seq, at, actor }: LoggedEvent,
  { text, internal }: { readonly text: string; readonly internal: boolean },
): Quote {
  return { ...quote, comments: [...quote.comments, { seq, by: actor, at, text, internal }] };
}

function withReason(quote: Quote, reason: string | undefined): Quote {
  return reason === undefined ? withoutReason(quote) : { ...quote, reason };
}

function withoutReason({ reason: _, ...quote }: Quote): Quote {
  return quote;
}

function lastNumber({ revisions }: Quote): number {
  return revisions.length;
}
