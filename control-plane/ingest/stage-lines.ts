import { checkLine } from "./check-line.ts";
import { leaseMilliseconds } from "./limits.ts";
import type { Line } from "./lines.ts";
import { stagedColumns, stagedRow, type Scope } from "./staged-row.ts";

// A bound text may have 2 MB, and a character up to three bytes.
const charactersAStatement = 450_000;
// A body may come slowly, and its key must stay reserved meanwhile.
const renewAfterMilliseconds = leaseMilliseconds / 4;

const renew = "UPDATE batches SET lease_until = ?2 WHERE number = ?1 AND state = 'receiving'";

/** Checks lines and stores them as rows of `staged` under the batch, some thousand at a time. */
export async function stageLines(
  db: D1Database,
  groups: AsyncIterable<readonly Line[]>,
  options: { batch: number; clock: () => number; scope?: Scope | undefined },
): Promise<void> {
  const { batch, clock, scope } = options;
  const startedAt = clock();
  const rows = new Map<number, string[]>();
  let characters = 0;
  let flushedAt = startedAt;

  async function flush(): Promise<void> {
    flushedAt = clock();
    const insertions = [...rows].map(([width, some]) =>
      db.prepare(insertion(width)).bind(`[${some.join(",")}]`, batch, startedAt),
    );
    rows.clear();
    characters = 0;
    await db.batch([...insertions, db.prepare(renew).bind(batch, flushedAt + leaseMilliseconds)]);
  }

  for await (const group of groups) {
    for (const { number, text } of group) {
      const row = stagedRow(number, checkLine(text, startedAt), scope);
      const rowText = JSON.stringify(row);
      if (characters + rowText.length > charactersAStatement || clock() > flushedAt + renewAfterMilliseconds)
        await flush();
      const known = rows.get(row.length);
      if (known === undefined) rows.set(row.length, [rowText]);
      else known.push(rowText);
      characters += rowText.length + 1;
    }
  }
  if (rows.size > 0) await flush();
}

/** SQL: inserts rows that have so many of the columns. Taking a value out of a row is most of what it costs. */
function insertion(width: number): string {
  const columns = stagedColumns.slice(0, width);
  return `INSERT INTO staged (batch, origin, received_at, origin_line, ${columns.join(", ")})
    SELECT ?2, ?2, ?3, value ->> 0, ${columns.map((_, index) => `value ->> ${index}`).join(", ")} FROM json_each(?1)`;
}
