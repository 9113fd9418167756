import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { roles, type KeyCaller, type Role } from "./callers.ts";
import { Problem } from "./problem.ts";

/**
 * Keys are `pw_<role>_<32 random bytes as base64url>`. Only their SHA-256 is stored: with that much randomness a
 * slow hash would add nothing.
 */

const keyForm = new RegExp(`^pw_(?:${roles.join("|")})_[A-Za-z0-9_-]{43}$`);

/** How long a revoked key may still be accepted by an isolate that has just used it. */
export const keyCacheMilliseconds = 5_000;
const keysCachedMax = 1_000;

export function newKey(role: Role): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const random = btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace("=", "");
  return `pw_${role}_${random}`;
}

export function isKey(text: string): boolean {
  return keyForm.test(text);
}

/** SHA-256 in lower-case hex, as the table holds it. */
export function hashOfKey(key: string): string {
  return bytesToHex(sha256(utf8ToBytes(key)));
}

/** The caller whose key this is, if that was found out a moment ago. */
export function recallKey(key: string): KeyCaller | undefined {
  return recall("hash", key);
}

/** The caller whose unrevoked key this is; at once where that is known. */
export function findKey(db: D1Database, key: string): Found {
  return recallKey(key) ?? look(db, "hash", key, hashOfKey(key));
}

/** The caller whose unrevoked key has this id; at once where that is known. */
export function findKeyById(db: D1Database, id: string): Found {
  return recall("id", id) ?? look(db, "id", id, id);
}

type Found = KeyCaller | Promise<KeyCaller | undefined>;

/** Makes a revocation work at once in this isolate; the others follow within `keyCacheMilliseconds`. */
export function forgetKey(id: string): void {
  for (const known of Object.values(recent)) {
    for (const [value, { caller }] of known) if (caller.keyId === id) known.delete(value);
  }
}

interface KeyRow {
  readonly id: string;
  readonly role: Role;
  readonly customers: string | null;
  readonly person: string | null;
}

const statements = {
  hash: "SELECT id, role, customers, person FROM api_keys WHERE hash = ? AND revoked_at IS NULL",
  id: "SELECT id, role, customers, person FROM api_keys WHERE id = ? AND revoked_at IS NULL",
};

// Only hits, so that a new key works at once.
const recent: Readonly<Record<keyof typeof statements, Map<string, Recent>>> = {
  hash: new Map(),
  id: new Map(),
};

interface Recent {
  readonly caller: KeyCaller;
  readonly until: number;
}

function recall(by: keyof typeof statements, value: string): KeyCaller | undefined {
  const known = recent[by].get(value);
  return known !== undefined && Date.now() < known.until ? known.caller : undefined;
}

/** @param stored what the table has of the value */
async function look(
  db: D1Database,
  by: keyof typeof statements,
  value: string,
  stored: string,
): Promise<KeyCaller | undefined> {
  const known = recent[by];
  known.delete(value);
  const row = await read(db.prepare(statements[by]).bind(stored));
  if (row === null) return undefined;
  const caller: KeyCaller = {
    kind: "key",
    keyId: row.id,
    role: row.role,
    customers: customersOf(row),
    ...(row.person === null ? {} : { person: row.person }),
  };
  known.set(value, { caller, until: Date.now() + keyCacheMilliseconds });
  const [oldest] = known.keys();
  if (known.size > keysCachedMax && oldest !== undefined) known.delete(oldest);
  return caller;
}

async function read(statement: D1PreparedStatement): Promise<KeyRow | null> {
  try {
    return await statement.first<KeyRow>();
  } catch (cause) {
    throw new Problem("store_unavailable", { cause, headers: { "Retry-After": "1" } });
  }
}

function customersOf({ id, customers }: KeyRow): readonly string[] | null {
  if (customers === null) return null;
  const list: unknown = JSON.parse(customers);
  if (Array.isArray(list) && list.every((customer) => typeof customer === "string")) return list;
  throw new Error(`The customers of key ${id} must be a list of ids`);
}
