import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { roles, type Role } from "../shared/api/callers.ts";

export type Credentials = Readonly<Record<Role, string>>;

/** The state folder's keys, one a role; those that it lacks are made through the API. */
export async function credentialsOf(
  stateFolder: string,
  { control, adminKey }: { control: string; adminKey: string },
): Promise<Credentials> {
  const file = join(stateFolder, "credentials.json");
  const known: Partial<Credentials> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  if (roles.every((role) => known[role] !== undefined)) return known as Credentials; // One of each.
  const keys: (readonly [Role, string])[] = [];
  for (const role of roles) keys.push([role, known[role] ?? (await makeKey(role, control, adminKey))]);
  const credentials = Object.fromEntries(keys) as Credentials; // One of each.
  // Whoever waits for the file finds all of it.
  writeFileSync(`${file}.new`, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return credentials;
}

async function makeKey(role: Role, control: string, adminKey: string): Promise<string> {
  const response = await fetch(`${control}/v1/keys`, {
    method: "POST",
    headers: { Authorization: `Bearer ${adminKey}`, "Content-Type": "application/json" },
    body: JSON.stringify({ role, label: "npm start" }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Cannot make a key for ${role}: ${response.status} ${text}`);
  const { key } = JSON.parse(text) as { key: string }; // By the route's description.
  return key;
}
