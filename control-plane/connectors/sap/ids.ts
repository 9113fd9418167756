import type { Condition, ConditionKey } from "./condition.ts";
import { keyFieldNames } from "./key-fields.ts";

/**
 * Ids are made of what SAP finds a condition by, never of its number: a record that is written anew keeps its id,
 * and a key's ids begin alike, so that what is gone from a complete set can be told.
 */

/** What the ids of a key's records begin with, as in `K007/005/VKORG=1010,KUNNR=0000017100/`. */
export function keyPrefix(key: ConditionKey): string {
  const fields = keyFieldNames.flatMap((name) => {
    const value = key.fields.get(name);
    return value === undefined ? [] : [`${name}=${escape(value)}`];
  });
  return `${escape(key.type)}/${escape(key.table)}/${fields.join(",")}/`;
}

export function periodPrefix(condition: Pick<Condition, "key" | "from">): string {
  return `${keyPrefix(condition.key)}${condition.from ?? "open"}/`;
}

/** `position` counts the lines of the scale from 1, in the order in which they are asked. */
export function recordId(condition: Condition, position: number): string {
  return `${periodPrefix(condition)}${String(position).padStart(4, "0")}`;
}

function escape(value: string): string {
  return value.replaceAll("%", "%25").replaceAll("/", "%2F").replaceAll(",", "%2C").replaceAll("=", "%3D");
}
