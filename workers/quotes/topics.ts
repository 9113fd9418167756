import { addresseeKey } from "../../shared/quoting/addressee.ts";
import { addresseesOf } from "../../shared/quoting/addressees-of.ts";
import type { Quote } from "../../shared/quoting/quote.ts";

/** What the outbox has messages about. */
export const listsTopic = "lists";
export const orderTopic = "order";
const inboxPrefix = "inbox/";

/** Who has to be told that a quote is another one now. */
export function topicsOf(before: Quote | undefined, after: Quote): string[] {
  const [asked, wasAsked] = [askedOf(after), askedOf(before)];
  const changed = [...asked, ...wasAsked].filter(
    (addressee) => asked.has(addressee) !== wasAsked.has(addressee),
  );
  const isNewlyAccepted = after.order !== undefined && before?.order === undefined;
  return [
    listsTopic,
    ...(isNewlyAccepted ? [orderTopic] : []),
    ...changed.map((addressee) => inboxPrefix + addressee),
  ];
}

/** Whose inbox a topic is about; undefined: nobody's. */
export function addresseeOfTopic(topic: string): string | undefined {
  return topic.startsWith(inboxPrefix) ? topic.slice(inboxPrefix.length) : undefined;
}

/** The addressees, as keys, whom the quote waits for. */
export function askedOf(quote: Quote | undefined): Set<string> {
  return new Set(quote === undefined ? [] : addresseesOf(quote).map(addresseeKey));
}
