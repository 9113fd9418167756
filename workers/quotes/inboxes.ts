import type { EdgeEnv } from "../env.ts";
import type { InboxNote } from "../inbox-object.ts";
import { waitingQuotes, type WaitingQuote } from "../queries/addressed-quotes.ts";

export async function noteInInbox(env: EdgeEnv, note: InboxNote): Promise<void> {
  await inboxOf(env, note.addressee).note(note);
}

/** What waits for any of these addressees, the longest waiting first. A quote may wait for several of them. */
export async function readInboxes(env: EdgeEnv, addressees: readonly string[]): Promise<WaitingQuote[]> {
  const found = await Promise.all(addressees.map((addressee) => inboxOf(env, addressee).quotes(addressee)));
  return waitingQuotes(env.PUBLISHED, { quotes: [...new Set(found.flat())], addressees });
}

// Names in ASCII, whatever the ids of people and roles are.
function inboxOf(env: EdgeEnv, addressee: string) {
  return env.INBOXES.getByName(encodeURIComponent(addressee));
}
