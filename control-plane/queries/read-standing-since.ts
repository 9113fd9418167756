/** Since when a record has said what it says of a price. */
export interface StandingSince {
  readonly type: "price" | "product";
  readonly id: string;
  /** Milliseconds; when the first version that says so came in. */
  readonly at: number;
  /** Whether nothing is known of the record before that. */
  readonly isFirst: boolean;
}

/** What makes an amount: 9.30 and 9.3 are the same. */
function termsOf(version: string, field: string): string {
  const amount = `${version}.body ->> '$${field}.amount'`;
  const short = `CASE WHEN instr(${amount}, '.') > 0 THEN rtrim(rtrim(${amount}, '0'), '.') ELSE ${amount} END`;
  const others = ["currency", "per", "unit"].map((name) => `${version}.body ->> '$${field}.${name}'`);
  return `CASE ${version}.deleted WHEN 0 THEN json_array(${[short, ...others].join(", ")}) ELSE '' END`;
}

function query(type: StandingSince["type"], field: string): string {
  const isOf = (version: string) =>
    `${version}.type = '${type}' AND ${version}.id = wanted.value AND ${version}.since <= ?1`;
  return `
    SELECT '${type}' AS type, standing.id, standing.first_since = standing.since AS "isFirst",
      (SELECT min(at) FROM batches WHERE batches.sequence = standing.since) AS at
    FROM (
      SELECT wanted.value AS id,
        (SELECT min(since) FROM records AS any WHERE ${isOf("any")}) AS first_since,
        (SELECT min(since) FROM records AS same WHERE ${isOf("same")} AND since > coalesce(
          (SELECT max(since) FROM records AS other
           WHERE ${isOf("other")} AND ${termsOf("other", field)} <> ${termsOf("now", field)}), 0)) AS since
      FROM json_each(?2) AS wanted
      CROSS JOIN records AS now ON ${isOf("now")} AND (now.until IS NULL OR now.until > ?1) AND now.deleted = 0
    ) AS standing`;
}

/**
 * Since when prices, and products' own list prices, have stood as they are at a sequence: the same amount in the same
 * currency, for as many of the same unit. A change of anything else leaves their age alone.
 */
export async function readStandingSince(
  catalog: D1Database,
  {
    sequence,
    prices,
    products,
  }: { readonly sequence: number; readonly prices: readonly string[]; readonly products: readonly string[] },
): Promise<StandingSince[]> {
  const results = await catalog.batch<
    Omit<StandingSince, "isFirst" | "at"> & { isFirst: 0 | 1; at: number | null }
  >([
    catalog.prepare(query("price", "")).bind(sequence, JSON.stringify(prices)),
    catalog.prepare(query("product", ".listPrice")).bind(sequence, JSON.stringify(products)),
  ]);
  return results.flatMap((result) =>
    result.results.flatMap(({ type, id, at, isFirst }) =>
      at === null ? [] : [{ type, id, at, isFirst: isFirst === 1 }],
    ),
  );
}
