import type { FeedRecord } from "../translation.ts";
import type { SapTranslation } from "./translate-conditions.ts";
import type { Role } from "./obstacle.ts";

/** A record that we have, by its type and id. */
export interface KnownRecord {
  readonly type: Role;
  readonly id: string;
}

/** Deletions of the known records that the translation replaces and no longer has. */
export function deletionsFor(known: Iterable<KnownRecord>, translation: SapTranslation): FeedRecord[] {
  const replaced = new Set(translation.replaces.map(({ type, idPrefix }) => `${type} ${idPrefix}`));
  const kept = new Set(translation.records.map(({ type, id }) => `${type} ${id}`));
  return [...known]
    .filter(({ type, id }) => !kept.has(`${type} ${id}`))
    .filter(({ type, id }) => prefixesOf(id).some((prefix) => replaced.has(`${type} ${prefix}`)))
    .map(({ type, id }) => ({ type, id, op: "delete" }));
}

/** Every beginning of the id that ends with a slash; values within ids have none. */
function prefixesOf(id: string): readonly string[] {
  return [...id.matchAll(/\//g)].map(({ index }) => id.slice(0, index + 1));
}
