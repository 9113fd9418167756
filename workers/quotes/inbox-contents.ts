import { createDurable } from "itty-durable";

const removedMax = 1_000;

/**
 * Which quotes wait for an addressee, as an itty-durable keeps it: one small value, written whole. It is never reached
 * over its own `fetch`, which takes arguments and its identity from headers; `inbox-object.ts` holds it and calls it.
 * Whoever calls it loads it first, and keeps what was changed by `persist`.
 */
export class InboxContents extends createDurable({ autoPersist: false }) {
  /** Whether it was made from the quotes' list once; an emptied one is made again. */
  isMade = false;
  /** By quote, the version at which it came in, or went out: below zero. */
  versions: Record<string, number> = {};

  quotes(): string[] {
    return Object.keys(this.versions).filter((quote) => (this.versions[quote] ?? 0) > 0);
  }

  /** What is known of a later version stays. */
  note(quote: string, { version, isAsked }: { readonly version: number; readonly isAsked: boolean }): void {
    if (version < Math.abs(this.versions[quote] ?? 0)) return;
    this.versions[quote] = isAsked ? version : -version;
  }

  /** What went out is kept for a while, so that a message that comes late can't bring it in again. */
  tidy(): void {
    const removed = Object.keys(this.versions).filter((quote) => (this.versions[quote] ?? 0) < 0);
    for (const quote of removed.slice(0, Math.max(0, removed.length - removedMax))) {
      Reflect.deleteProperty(this.versions, quote);
    }
  }
}
