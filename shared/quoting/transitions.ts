import type { Party } from "./actor.ts";
import { quoteCommands, type CommandName } from "./command.ts";
import { quoteStatuses, type Quote, type QuoteStatus } from "./quote.ts";
import { isShownToBuyer } from "./shown-revision.ts";

type Side = Exclude<Party, "system">;

/** From which states a side may give a command. A draft is only ever its own side's. */
const transitions: Readonly<Record<CommandName, Readonly<Partial<Record<Side, readonly QuoteStatus[]>>>>> = {
  submit: { buyer: ["draft"], seller: ["draft"] },
  offer: { seller: ["draft", "requested", "in_review", "awaiting_approval", "approved", "rejected"] },
  counter: { buyer: ["sent"], seller: ["requested"] },
  revise: {
    buyer: ["draft", "requested"],
    seller: ["draft", "requested", "in_review", "awaiting_approval", "approved", "rejected", "expired"],
  },
  comment: { buyer: quoteStatuses, seller: quoteStatuses },
  approve: { seller: ["awaiting_approval"] },
  reject: { seller: ["awaiting_approval"] },
  delegate: { seller: ["awaiting_approval"] },
  send: { seller: ["approved"] },
  accept: { buyer: ["sent"] },
  decline: { buyer: ["sent"], seller: ["requested", "in_review"] },
  withdraw: {
    buyer: ["draft", "requested", "in_review", "awaiting_approval", "approved", "sent"],
    seller: ["draft", "in_review", "awaiting_approval", "approved", "rejected", "sent"],
  },
  reprice: {
    buyer: ["draft", "requested", "expired"],
    seller: ["draft", "requested", "in_review", "rejected", "expired"],
  },
};

/** Whether the side may ever give the command. */
export function isForParty(command: CommandName, party: Party): boolean {
  return party !== "system" && transitions[command][party] !== undefined;
}

/** What a side may do with a quote now; whether this caller may is another question. */
export function allowedCommands(quote: Quote, party: Party): readonly CommandName[] {
  return quoteCommands.filter((command) => isAllowed(command, quote, party));
}

export function isAllowed(command: CommandName, quote: Quote, party: Party): boolean {
  if (!isAllowedIn(quote.status, command, party)) return false;
  if (party === "buyer" && !isShownToBuyer(quote)) return false;
  // Whatever is done with a draft, only its own side does it, except that both may talk about it.
  return quote.status !== "draft" || party === quote.openedBy || command === "comment";
}

/** As if the quote were in another state. */
export function isAllowedIn(status: QuoteStatus, command: CommandName, party: Party): boolean {
  return party !== "system" && (transitions[command][party]?.includes(status) ?? false);
}
