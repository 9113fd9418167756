import type { OverlayFragment } from "../compile/bucket.ts";

/** By channel, then by currency: the segment's name. */
type NamesByChannel = ReadonlyMap<string, Readonly<Record<string, string>>>;

// A row of a Durable Object takes 2 MB, and a character up to 4 bytes.
const partCharactersMax = 500_000;

/**
 * What the publisher remembers of customers with prices of their own: what each bucket gave for them, and the overlays
 * that were put together from it. A customer of whom some bucket gives something else has no overlay until it is put
 * together again.
 */
export class OverlayState {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    storage.sql.exec(`
      CREATE TABLE IF NOT EXISTS fragment_part (
        customer TEXT NOT NULL, bucket TEXT NOT NULL, part INTEGER NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (customer, bucket, part)
      ) STRICT;
      CREATE INDEX IF NOT EXISTS fragment_part_bucket ON fragment_part (bucket);
      CREATE TABLE IF NOT EXISTS overlay (
        customer TEXT PRIMARY KEY, names TEXT NOT NULL CHECK (json_valid(names))
      ) STRICT;
    `);
  }

  forget(): void {
    for (const table of ["fragment_part", "overlay"]) this.#storage.sql.exec(`DELETE FROM ${table}`);
  }

  /** Takes all that a bucket gives now, in a transaction of the caller's. What is as before stays, with its overlay. */
  takeFragments(bucket: string, fragments: readonly OverlayFragment[]): void {
    const before = this.#textsOf(bucket);
    for (const [customer, own] of Map.groupBy(fragments, (fragment) => fragment.customer)) {
      const text = JSON.stringify(own);
      if (before.get(customer) !== text) this.#replace(customer, bucket, text);
      before.delete(customer);
    }
    for (const customer of before.keys()) this.#replace(customer, bucket, "");
  }

  /** Customers whose fragments are not put together into overlays. */
  customersWithout(limit: number): string[] {
    const rows = this.#storage.sql.exec<{ customer: string }>(
      `SELECT DISTINCT customer FROM fragment_part
        WHERE customer NOT IN (SELECT customer FROM overlay) ORDER BY customer LIMIT ?`,
      limit,
    );
    return [...rows].map(({ customer }) => customer);
  }

  fragmentsOf(customer: string): OverlayFragment[] {
    const rows = this.#storage.sql.exec<{ bucket: string; text: string }>(
      "SELECT bucket, text FROM fragment_part WHERE customer = ? ORDER BY bucket, part",
      customer,
    );
    const ofBuckets = Map.groupBy(rows, ({ bucket }) => bucket);
    return [...ofBuckets.values()].flatMap(
      (parts) => JSON.parse(parts.map(({ text }) => text).join("")) as OverlayFragment[],
    );
  }

  save(customer: string, names: NamesByChannel): void {
    this.#storage.sql.exec(
      "INSERT OR REPLACE INTO overlay (customer, names) VALUES (?, ?)",
      customer,
      JSON.stringify([...names]),
    );
  }

  all(): Map<string, NamesByChannel> {
    const rows = this.#storage.sql.exec<{ customer: string; names: string }>(
      "SELECT customer, names FROM overlay",
    );
    return new Map(
      [...rows].map(({ customer, names }) => [
        customer,
        new Map(JSON.parse(names) as [string, Readonly<Record<string, string>>][]),
      ]),
    );
  }

  /** What a bucket gave, by customer. */
  #textsOf(bucket: string): Map<string, string> {
    const rows = this.#storage.sql.exec<{ customer: string; text: string }>(
      "SELECT customer, text FROM fragment_part WHERE bucket = ? ORDER BY customer, part",
      bucket,
    );
    const texts = new Map<string, string>();
    for (const { customer, text } of rows) texts.set(customer, (texts.get(customer) ?? "") + text);
    return texts;
  }

  #replace(customer: string, bucket: string, text: string): void {
    const { sql } = this.#storage;
    sql.exec("DELETE FROM fragment_part WHERE customer = ? AND bucket = ?", customer, bucket);
    for (const [part, some] of partsOf(text, partCharactersMax).entries()) {
      sql.exec(
        "INSERT INTO fragment_part (customer, bucket, part, text) VALUES (?, ?, ?, ?)",
        customer,
        bucket,
        part,
        some,
      );
    }
    sql.exec("DELETE FROM overlay WHERE customer = ?", customer);
  }
}

/** The text in parts of at most so many code units, none of which ends within a character. */
function partsOf(text: string, lengthMax: number): string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length;) {
    const end = start + lengthMax;
    const isWithin = end < text.length && (text.codePointAt(end - 1) ?? 0) > 0xffff;
    parts.push(text.slice(start, isWithin ? end - 1 : end));
    start = isWithin ? end - 1 : end;
  }
  return parts;
}
