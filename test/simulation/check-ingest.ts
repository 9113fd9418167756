import type { History } from "./history.ts";
import type { Truth } from "./truth.ts";

interface SentRecord {
  readonly type: string;
  readonly id: string;
  readonly rev?: number;
  readonly op?: string;
}

/** What is wrong with what became of the records that were sent. */
export function wrongWithIntake(history: History, truth: Truth): string[] {
  return [
    ...wrongWithCounts(history),
    ...wrongWithRepetitions(history),
    ...wrongWithVersions(truth),
    ...wrongWithNewest(history, truth),
  ];
}

/** Every line ends in one way, and the counts add up. */
function wrongWithCounts({ acknowledged }: History): string[] {
  return acknowledged.flatMap(({ key, records, answer: { received, counts, problems } }) => {
    const sum = Object.values(counts).reduce((total, count) => total + count, 0);
    const isRight =
      received === records.length && sum === received && problems.length === counts.invalid + counts.parked;
    return isRight
      ? []
      : [`${key} sent ${records.length} lines and was told ${JSON.stringify({ received, counts })}`];
  });
}

/** The same request is answered the same again. */
function wrongWithRepetitions({ acknowledged }: History): string[] {
  const byKey = Map.groupBy(acknowledged, ({ key }) => key);
  return [...byKey].flatMap(([key, answers]) =>
    new Set(answers.map(({ answer }) => JSON.stringify(answer))).size === 1 ? [] : [`${key} had two answers`],
  );
}

/** A record's versions follow each other without a gap, each with another content, and never with an older rev. */
function wrongWithVersions(truth: Truth): string[] {
  const broken = truth.rows(
    `SELECT type, id, since FROM (SELECT *, lead(since) OVER record AS next_since, lead(body) OVER record AS next_body,
       lead(CAST(rev AS INTEGER)) OVER record AS next_rev
       FROM records WINDOW record AS (PARTITION BY type, id ORDER BY since))
     WHERE until IS NOT next_since OR body IS next_body OR next_rev < CAST(rev AS INTEGER)`,
  );
  return broken.map(({ type, id, since }) => `${type}/${id} has a broken history at ${since}`);
}

/** In whatever order and however often versions came, the newest stands. */
function wrongWithNewest({ acknowledged }: History, truth: Truth): string[] {
  const newest = new Map<string, SentRecord>();
  for (const record of acknowledged.flatMap(({ records }) => records as SentRecord[])) {
    const key = `${record.type}/${record.id}`;
    if (record.rev !== undefined && record.rev > (newest.get(key)?.rev ?? -1)) newest.set(key, record);
  }
  return [...newest].flatMap(([key, { type, id, rev, op, ...content }]) => {
    const [row] = truth.rows(
      "SELECT rev, body FROM records WHERE type = ? AND id = ? AND until IS NULL",
      type,
      id,
    );
    const found =
      row === undefined ? undefined : { rev: Number(row["rev"]), body: contentOf(String(row["body"])) };
    const right = { rev, body: op === "delete" ? "deleted" : contentOf(JSON.stringify(content)) };
    return JSON.stringify(found) === JSON.stringify(right)
      ? []
      : [`${key} is ${JSON.stringify(found)} in the end, and not ${JSON.stringify(right)}`];
  });
}

function contentOf(body: string): unknown {
  if (body === "") return "deleted";
  return Object.entries(JSON.parse(body) as object).sort(([a], [b]) => (a < b ? -1 : 1));
}
