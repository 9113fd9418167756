import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newKey } from "../shared/api/api-keys.ts";

export interface Secrets {
  readonly signingSecret: string;
  /** Always an admin's, so that the first keys can be made. */
  readonly adminKey: string;
}

/** The state folder's secrets, made at random for a new one. */
export function secretsOf(stateFolder: string): Secrets {
  const file = join(stateFolder, "secrets.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Secrets; // As written below.
  const secrets = { signingSecret: randomBytes(32).toString("base64url"), adminKey: newKey("admin") };
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}
