import { contentHash } from "../../../shared/snapshot/hash.ts";
import { NumberLiteral } from "../../../shared/api/exact-json.ts";
import type { TrytonClient } from "./client.ts";
import { fieldsByModel, type ModelName } from "./company-rows.ts";

const overlapSeconds = 900;

/**
 * A text that changes when one of the models does that prices follow from. Tryton stamps what is created and written,
 * but with the time at which a transaction began, and leaves no trace of what is deleted. So of each model the number
 * of records counts, and every record that was stamped within a quarter of an hour of the last stamp, with its stamp.
 */
export async function fingerprintOf(client: TrytonClient): Promise<string> {
  const seen: unknown[] = [];
  for (const model of Object.keys(fieldsByModel) as ModelName[]) {
    const count = await client.all(model, "search_count", [[]]);
    const latest = [
      await lastStamp(client, model, "write_date"),
      await lastStamp(client, model, "create_date"),
    ];
    const recent = await Promise.all(
      latest.map(async (stamp, index) => {
        if (stamp === undefined) return [];
        const field = index === 0 ? "write_date" : "create_date";
        const since = [[field, ">", before(stamp)]];
        const order = [["id", "ASC"]];
        return client.all(model, "search_read", [since, 0, null, order, [field]]);
      }),
    );
    seen.push([model, count, recent]);
  }
  return contentHash(new TextEncoder().encode(JSON.stringify(seen)));
}

/** A date and time as Tryton writes it, without a zone. */
type Stamp = Readonly<Record<string, unknown>>;

async function lastStamp(
  client: TrytonClient,
  model: ModelName,
  field: "write_date" | "create_date",
): Promise<Stamp | undefined> {
  const newest = [[field, "DESC NULLS LAST"]];
  const rows = await client.all(model, "search_read", [[[field, "!=", null]], 0, one, newest, [field]]);
  const [row] = Array.isArray(rows) ? (rows as Stamp[]) : [];
  const stamp = row?.[field];
  return typeof stamp === "object" && stamp !== null ? (stamp as Stamp) : undefined;
}

const one = new NumberLiteral("1");

/** A quarter of an hour before a stamp; the zone does not matter, since only the distance does. */
function before(stamp: Stamp): Stamp {
  const part = (name: string) => {
    const value = stamp[name];
    return value instanceof NumberLiteral ? Number(value.text) : 0;
  };
  const at = new Date(
    Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second")) -
      overlapSeconds * 1000,
  );
  return {
    __class__: "datetime",
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
    microsecond: 0,
  };
}
