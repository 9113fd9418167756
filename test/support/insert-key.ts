import { hashOfKey, newKey } from "../../shared/api/api-keys.ts";
import type { Role } from "../../shared/api/callers.ts";

export interface InsertedKey {
  readonly id: string;
  readonly key: string;
}

/** Puts a key into the database, without the route that would. */
export async function insertKey(
  db: Pick<D1Database, "prepare">,
  {
    role,
    customers = null,
    person = null,
  }: { role: Role; customers?: readonly string[] | null; person?: string | null },
): Promise<InsertedKey> {
  const key = newKey(role);
  const id = crypto.randomUUID();
  await db
    .prepare(
      "INSERT INTO api_keys (id, hash, role, customers, label, created_at, person) VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(
      id,
      hashOfKey(key),
      role,
      customers === null ? null : JSON.stringify(customers),
      "test",
      "2026-01-01T00:00:00Z",
      person,
    )
    .run();
  return { id, key };
}
