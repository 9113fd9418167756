import { joinParts } from "../../shared/snapshot/parts.ts";
import type { EncodedSegment } from "../../shared/snapshot/segment.ts";
import { readSegment, storedOf } from "../publish/segment-store.ts";

// What a Durable Object takes as one value.
const bytesPerPart = 1_900_000;
const namesAtOnce = 20_000;

/**
 * The segments of a preview: what the store of record has is read there, the others are kept beside it, in a Durable
 * Object's SQLite, until the preview is over. So nothing of a preview is published, and none of its bytes are taken
 * for copied when they are.
 */
export class PreviewSegments {
  readonly #sql: SqlStorage;
  readonly #published: D1Database;
  readonly #preview: string;

  /** @param preview tells one preview from another */
  constructor(sql: SqlStorage, published: D1Database, preview: string) {
    this.#sql = sql;
    this.#published = published;
    this.#preview = preview;
  }

  /** Makes the table, without what previews left behind that were cut off. */
  static prepare(sql: SqlStorage): void {
    sql.exec(`CREATE TABLE IF NOT EXISTS preview_segment (
      preview TEXT NOT NULL, hash TEXT NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL,
      PRIMARY KEY (preview, hash, part)
    ) STRICT`);
    sql.exec("DELETE FROM preview_segment");
  }

  async keep(segments: Iterable<EncodedSegment>): Promise<void> {
    const distinct = new Map([...segments].map((segment) => [segment.hash, segment]));
    const names = [...distinct.keys()];
    for (let start = 0; start < names.length; start += namesAtOnce) {
      const stored = await storedOf(this.#published, names.slice(start, start + namesAtOnce));
      for (const hash of stored) distinct.delete(hash);
    }
    for (const { hash, bytes } of distinct.values()) {
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
