import type { Actor } from "../../shared/quoting/actor.ts";
import { appendToChain } from "../../shared/quoting/audit-chain.ts";
import type { LoggedEvent, QuoteEvent } from "../../shared/quoting/event.ts";
import type { IdempotencyKey } from "./quote-store.ts";

// A row takes 2 MB, with the rest of it.
const bodyBytesMax = 1_900_000;

/** Whether one of these events does not fit a row. */
export function isTooLarge(events: readonly QuoteEvent[]): boolean {
  const encoder = new TextEncoder();
  return events.some((event) => encoder.encode(JSON.stringify(event)).length > bodyBytesMax);
}

/**
 * A quote's events, and which request made which of them, in the object's own storage. It guarantees that events are
 * numbered without gaps, and that each one's hash binds all before it. What is written here is part of the transaction
 * that the caller runs.
 */
export class EventLog {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS event (
        seq INTEGER PRIMARY KEY CHECK (seq > 0),
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        body TEXT NOT NULL,
        hash TEXT NOT NULL
      ) STRICT;
      CREATE TABLE IF NOT EXISTS idempotency (
        scope TEXT PRIMARY KEY,
        digest TEXT NOT NULL,
        version INTEGER NOT NULL
      ) STRICT`);
  }

  /** In order, up to this one. */
  read(upTo: number = Number.MAX_SAFE_INTEGER): LoggedEvent[] {
    const rows = this.#sql.exec<EventRow>("SELECT * FROM event WHERE seq <= ? ORDER BY seq", upTo);
    return [...rows].map(({ seq, at, actor, body, hash }) => ({
      seq,
      at,
      actor: JSON.parse(actor) as Actor, // Written below.
      event: JSON.parse(body) as QuoteEvent,
      hash,
    }));
  }

  append(
    events: readonly QuoteEvent[],
    { actor, at }: { readonly actor: Actor; readonly at: string },
  ): LoggedEvent[] {
    let previous: Pick<LoggedEvent, "seq" | "hash"> | undefined = this.last();
    return events.map((event) => {
      const logged = appendToChain(previous, { at, actor, event });
      this.#sql.exec(
        "INSERT INTO event (seq, at, actor, body, hash) VALUES (?, ?, ?, ?, ?)",
        logged.seq,
        at,
        JSON.stringify(actor),
        JSON.stringify(event),
        logged.hash,
      );
      previous = logged;
      return logged;
    });
  }

  last(): Pick<LoggedEvent, "seq" | "hash" | "at"> | undefined {
    const [row] = this.#sql
      .exec<Pick<EventRow, "seq" | "hash" | "at">>(
        "SELECT seq, hash, at FROM event ORDER BY seq DESC LIMIT 1",
      )
      .toArray();
    return row;
  }

  /** What a request with this key did before, if it did anything. */
  earlier({
    scope,
    digest,
  }: IdempotencyKey): { readonly version: number; readonly isSame: boolean } | undefined {
    const [row] = this.#sql
      .exec<{ digest: string; version: number }>(
        "SELECT digest, version FROM idempotency WHERE scope = ?",
        scope,
      )
      .toArray();
    return row && { version: row.version, isSame: row.digest === digest };
  }

  /** Notes that the request led to this version: its answer is the quote as it was then, which the log has. */
  keep({ scope, digest }: IdempotencyKey, version: number): void {
    this.#sql.exec(
      "INSERT INTO idempotency (scope, digest, version) VALUES (?, ?, ?)",
      scope,
      digest,
      version,
    );
  }
}

type EventRow = Record<"seq", number> & Record<"at" | "actor" | "body" | "hash", string>;
