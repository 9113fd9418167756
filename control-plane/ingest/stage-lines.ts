import { checkLine } from "./check-line.ts";
import { leaseMilliseconds } from "./limits.ts";
import type { Line } from "./lines.ts";
import { stagedColumns, stagedRow, type Scope } from "./staged-row.ts";

// A bound text may have 2 MB, and a character up to three bytes.
const charactersAStatement = 450_000;
// A body may come slowly, and its key must stay reserved meanwhile.
const renewAfterMilliseconds = leaseMilliseconds / 4;

const columns = stagedColumns.join(", ");
const values = stagedColumns.map((_, index) => `value ->> ${index}`).join(", ");
const insert = `
  INSERT INTO staged (batch, origin, received_at, origin_line, ${columns})
  SELECT ?2, ?2, ?3, value ->> 0, ${values} FROM json_each(?1)`;
const renew = "UPDATE batches SET lease_until = ?2 WHERE number = ?1 AND state = 'receiving'";

/** Checks lines and stores them as rows of `staged` under the batch, some thousand at a time. */
export async function stageLines(
  db: D1Database,
  lines: AsyncIterable<Line>,
  options: { batch: number; clock: () => number; scope?: Scope | undefined },
): Promise<void> {
  const { batch, clock, scope } = options;
  const startedAt = clock();
  let rows: string[] = [];
  let characters = 0;
  let flushedAt = startedAt;

  async function flush(): Promise<void> {
    flushedAt = clock();
    const chunk = `[${rows.join(",")}]`;
    rows = [];
    characters = 0;
    await db.batch([
      db.prepare(insert).bind(chunk, batch, startedAt),
      db.prepare(renew).bind(batch, flushedAt + leaseMilliseconds),
    ]);
  }

  for await (const { number, text } of lines) {
    const row = JSON.stringify(stagedRow(number, checkLine(text, startedAt), scope));
    if (characters + row.length > charactersAStatement || clock() > flushedAt + renewAfterMilliseconds)
      await flush();
    rows.push(row);
    characters += row.length + 1;
  }
  if (rows.length > 0) await flush();
}
