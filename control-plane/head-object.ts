import { DurableObject } from "cloudflare:workers";
import type { Head } from "../shared/snapshot/head.ts";
import type { ControlEnv } from "./env.ts";

/** The name of the one head object. */
export const headName = "head";

/**
 * The one writer of the head, and what an edge asks when its own copy is too old. It guarantees that heads are
 * numbered without gaps, in the order in which they were live, and are never changed afterwards.
 */
export class HeadObject extends DurableObject<ControlEnv> {
  readonly #sql: SqlStorage;

  constructor(context: DurableObjectState, env: ControlEnv) {
    super(context, env);
    this.#sql = context.storage.sql;
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS heads (
      number INTEGER PRIMARY KEY CHECK (number > 0),
      snapshot TEXT NOT NULL,
      sequence INTEGER NOT NULL,
      through INTEGER NOT NULL,
      manifest TEXT NOT NULL,
      moved_at TEXT NOT NULL
    ) STRICT`);
  }

  /** The live head, or undefined before the first snapshot was published. */
  current(): Head | undefined {
    const [row] = this.#sql.exec<HeadRow>("SELECT * FROM heads ORDER BY number DESC LIMIT 1").toArray();
    return row === undefined ? undefined : headOf(row);
  }

  /** The heads from this number on, in order. */
  headsFrom(number: number, limit: number): Head[] {
    const rows = this.#sql.exec<HeadRow>(
      "SELECT * FROM heads WHERE number >= ? ORDER BY number LIMIT ?",
      number,
      limit,
    );
    return [...rows].map(headOf);
  }

  /** The snapshots that were live at some instant since then, which is in RFC 3339, and those of the last heads. */
  snapshotsSince(since: string, headsMin: number): string[] {
    const rows = this.#sql.exec<{ snapshot: string }>(
      `SELECT DISTINCT snapshot FROM heads WHERE number >= min(
         coalesce((SELECT min(number) - 1 FROM heads WHERE moved_at > ?1), (SELECT max(number) FROM heads)),
         (SELECT max(number) FROM heads) - ?2 + 1)`,
      since,
      headsMin,
    );
    return [...rows].map(({ snapshot }) => snapshot);
  }

  /** Makes a snapshot live; when it is already, nothing changes, so that a repeated move has one effect. */
  move(to: Pick<Head, "snapshot" | "sequence" | "manifest" | "movedAt">): Head {
    return this.ctx.storage.transactionSync(() => {
      const live = this.current();
      if (live?.snapshot === to.snapshot) return live;
      const head: Head = {
        ...to,
        number: (live?.number ?? 0) + 1,
        through: Math.max(live?.through ?? 0, to.sequence),
      };
      this.#sql.exec(
        "INSERT INTO heads (number, snapshot, sequence, through, manifest, moved_at) VALUES (?, ?, ?, ?, ?, ?)",
        head.number,
        head.snapshot,
        head.sequence,
        head.through,
        head.manifest,
        head.movedAt,
      );
      return head;
    });
  }
}

type HeadRow = Record<"number" | "sequence" | "through", number> &
  Record<"snapshot" | "manifest" | "moved_at", string>;

function headOf({ moved_at, ...row }: HeadRow): Head {
  return { ...row, movedAt: moved_at };
}
