import { DurableObject } from "cloudflare:workers";
import type { Head } from "../shared/snapshot/head.ts";
import type { ControlEnv } from "./env.ts";

/** The name of the one head object. */
export const headName = "head";

export interface MoveCondition {
  /** Not if it ever was live, since what somebody made live after it is to stay. */
  readonly once: boolean;
  /** Only from this manifest to the next. */
  readonly from?: string | undefined;
}

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
    this.#sql.exec("CREATE INDEX IF NOT EXISTS heads_by_snapshot ON heads (snapshot)");
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

  /**
   * Makes a snapshot live, and returns the head that is live then; undefined if the condition keeps it from that. When
   * it is live already, nothing changes, so that a repeated move has one effect.
   */
  move(
    to: Pick<Head, "snapshot" | "sequence" | "manifest" | "movedAt">,
    { once, from }: MoveCondition,
  ): Head | undefined {
    return this.ctx.storage.transactionSync(() => {
      const live = this.current();
      if (live !== undefined && (live.snapshot === to.snapshot || (once && this.#wasLive(to.snapshot))))
        return live;
      if (from !== undefined && live?.manifest !== from) return undefined;
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

  #wasLive(snapshot: string): boolean {
    return this.#sql.exec("SELECT 1 FROM heads WHERE snapshot = ? LIMIT 1", snapshot).toArray().length > 0;
  }
}

type HeadRow = Record<"number" | "sequence" | "through", number> &
  Record<"snapshot" | "manifest" | "moved_at", string>;

function headOf({ moved_at, ...row }: HeadRow): Head {
  return { ...row, movedAt: moved_at };
}
