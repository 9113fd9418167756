import { joinParts } from "../../shared/snapshot/parts.ts";
import type { EncodedSegment } from "../../shared/snapshot/segment.ts";
import { readSegment } from "../publish/segment-store.ts";

// What a Durable Object takes as one value.
const bytesPerPart = 1_900_000;

/**
 * The segments of a preview: those of the live snapshot are read where they are, the others are kept in a Durable
 * Object's SQLite until the preview is over. They never go to the store of record, where a publish would take them
 * for segments that are copied to KV already.
 */
export class PreviewSegments {
  readonly #sql: SqlStorage;
  readonly #published: D1Database;
  readonly #live: ReadonlySet<string>;
  readonly #preview = crypto.randomUUID();

  /** @param live the segments that the live snapshot names */
  constructor(sql: SqlStorage, published: D1Database, live: ReadonlySet<string>) {
    this.#sql = sql;
    this.#published = published;
    this.#live = live;
  }

  /** Makes the table, without what previews left behind that were cut off. */
  static prepare(sql: SqlStorage): void {
    sql.exec(`CREATE TABLE IF NOT EXISTS preview_segment (
      preview TEXT NOT NULL, hash TEXT NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL,
      PRIMARY KEY (preview, hash, part)
    ) STRICT`);
    sql.exec("DELETE FROM preview_segment");
  }

  keep(segments: Iterable<EncodedSegment>): void {
    for (const { hash, bytes } of segments) {
      if (this.#live.has(hash)) continue;
      for (let part = 0; part * bytesPerPart < bytes.length; part++) {
        this.#sql.exec(
          "INSERT OR IGNORE INTO preview_segment (preview, hash, part, bytes) VALUES (?, ?, ?, ?)",
          this.#preview,
          hash,
          part,
          bytes.slice(part * bytesPerPart, (part + 1) * bytesPerPart).buffer,
        );
      }
    }
  }

  async read(hash: string): Promise<Uint8Array> {
    const parts = this.#sql
      .exec<{ bytes: ArrayBuffer }>(
        "SELECT bytes FROM preview_segment WHERE preview = ? AND hash = ? ORDER BY part",
        this.#preview,
        hash,
      )
      .toArray();
    if (parts.length === 0) return readSegment(this.#published, hash);
    return joinParts(parts.map(({ bytes }) => new Uint8Array(bytes)));
  }

  forget(): void {
    this.#sql.exec("DELETE FROM preview_segment WHERE preview = ?", this.#preview);
  }
}
