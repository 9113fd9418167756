import { takeRecords, type Taken } from "../../control-plane/ingest/take-records.ts";

/** The answer to a push of records. */
export interface FeedAnswer {
  readonly batch: string;
  readonly sequence: number;
  readonly received: number;
  readonly counts: Readonly<Record<"applied" | "unchanged" | "stale" | "invalid" | "parked", number>> & {
    readonly staged?: number;
  };
  readonly problems: readonly {
    line: number;
    code: string;
    pointer?: string;
    message: string;
    id?: string;
  }[];
  readonly problemsTruncated: boolean;
  readonly released: number;
  readonly deleted?: number;
}

export interface FeedOptions {
  readonly key?: string;
  readonly keyId?: string;
  readonly sweep?: string;
  readonly encoding?: "identity" | "gzip";
  readonly now?: number;
}

/** An ERP that pushes records straight to intake, without HTTP. */
export class ErpFeed {
  readonly #db: D1Database;
  #keys = 0;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async push(records: readonly unknown[], options: FeedOptions = {}): Promise<FeedAnswer> {
    return (await this.send(ndjson(records), options)).answer;
  }

  async send(
    body: string | Uint8Array<ArrayBuffer>,
    options: FeedOptions = {},
  ): Promise<{ answer: FeedAnswer; text: string; replayed: boolean }> {
    const { key = `key-${++this.#keys}`, keyId = "erp", sweep = "", encoding = "identity", now } = options;
    const taken: Taken = await takeRecords(
      this.#db,
      { identity: { keyId, idempotencyKey: key, target: sweep }, body: new Response(body).body, encoding },
      () => now ?? Date.now(),
    );
    return { answer: JSON.parse(taken.answer) as FeedAnswer, text: taken.answer, replayed: taken.replayed };
  }
}

export function ndjson(records: readonly unknown[]): string {
  return records.map((record) => (typeof record === "string" ? record : JSON.stringify(record))).join("\n");
}

const tables = ["records", "staged", "parked", "problems", "sweeps", "batches", "draft_records", "drafts"];

/** Makes the catalogue as it is after its migrations. */
export async function emptyCatalog(db: D1Database): Promise<void> {
  await db.batch([
    ...tables.map((table) => db.prepare(`DELETE FROM ${table}`)),
    db.prepare("UPDATE catalog_state SET sequence = 0"),
  ]);
}

/** What stands now, by `type/id`: the rev and the content, or null for what was deleted. */
export async function standing(db: D1Database): Promise<Record<string, [rev: string | null, body: unknown]>> {
  const { results } = await db
    .prepare("SELECT type, id, rev, body FROM records WHERE until IS NULL ORDER BY type, id")
    .all<{ type: string; id: string; rev: string | null; body: string }>();
  return Object.fromEntries(
    results.map(({ type, id, rev, body }) => [`${type}/${id}`, [rev, body === "" ? null : JSON.parse(body)]]),
  );
}
