/** What is to be told to somebody else, and has not been yet. */
export interface Message {
  /** What it is about: `lists`, `pins`, `order`, or `inbox/` and the addressee. */
  readonly topic: string;
  /** Of the quote, when it was last put in. */
  readonly version: number;
  /** How often it was tried in vain. */
  readonly attempts: number;
}

/**
 * A quote's messages to others, in the object's own storage: one a topic. A message has no content of its own: who
 * carries it brings the receiver to what the quote is by then, so that several changes need one message. What is put
 * in here is part of the transaction that the caller runs, so that no change goes untold.
 */
export class Outbox {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`CREATE TABLE IF NOT EXISTS outbox (
      topic TEXT PRIMARY KEY,
      version INTEGER NOT NULL,
      attempts INTEGER NOT NULL,
      next_at INTEGER NOT NULL
    ) STRICT`);
  }

  /** To be told at once. One that waited for another attempt does not wait any longer. */
  put(topic: string, version: number, now: number): void {
    this.#sql.exec(
      `INSERT INTO outbox (topic, version, attempts, next_at) VALUES (?1, ?2, 0, ?3)
       ON CONFLICT (topic) DO UPDATE SET version = ?2, attempts = 0, next_at = ?3`,
      topic,
      version,
      now,
    );
  }

  /** What may be told now, in the order in which it came due. */
  due(now: number): Message[] {
    return this.#sql
      .exec<Row>(
        "SELECT topic, version, attempts FROM outbox WHERE next_at <= ? ORDER BY next_at, rowid",
        now,
      )
      .toArray();
  }

  /** It was told as of this version: what was put in later is still to be told. */
  told(topic: string, version: number): void {
    this.#sql.exec("DELETE FROM outbox WHERE topic = ? AND version <= ?", topic, version);
  }

  /** It is tried again at this time, unless it was put in anew meanwhile. */
  postpone({ topic, version }: Message, nextAt: number): void {
    this.#sql.exec(
      "UPDATE outbox SET attempts = attempts + 1, next_at = ? WHERE topic = ? AND version = ?",
      nextAt,
      topic,
      version,
    );
  }

  /** When the next one may be told. */
  nextAt(): number | undefined {
    const { at } = this.#sql.exec<{ at: number | null }>("SELECT min(next_at) AS at FROM outbox").one();
    return at ?? undefined;
  }
}

type Row = { topic: string; version: number; attempts: number };
