import { createHash } from "node:crypto";
import { join } from "node:path";
import { createTestHarness, type WorkerHandle } from "wrangler";
import { newKey } from "../../shared/api/api-keys.ts";
import { roles, type Role } from "../../shared/api/callers.ts";
import type { ControlEnv } from "../../control-plane/env.ts";
import type { InsertedKey } from "./insert-key.ts";

/** Asks a plane: a path and what `fetch` takes. */
export type Ask = (path: string, init?: RequestInit) => Promise<Response>;

export interface Planes {
  readonly edge: { readonly fetch: Ask };
  readonly control: { readonly fetch: Ask };
  /** One a role. */
  readonly keys: Readonly<Record<Role, InsertedKey>>;
  /** The Workers, to look behind their answers. */
  readonly workers: { readonly edge: WorkerHandle; readonly control: WorkerHandle };
  /** Where the edge listens, for what a handle can't ask: a socket. */
  readonly edgeUrl: URL;
  /** Asks a further Worker, by its name. */
  beside(name: string): Ask;
  controlEnv(): Promise<ControlEnv>;
  /** What both planes have logged since the last call. */
  takeLogs(): string[];
  close(): Promise<void>;
}

type Workers = NonNullable<NonNullable<Parameters<typeof createTestHarness>[0]>["workers"]>;

/** The ERP that orders are handed over to; see `fake-erp.ts`. */
export const fakeErp = {
  config: {
    name: "fake-erp",
    main: join(import.meta.dirname, "fake-erp.ts"),
    compatibility_date: "2026-11-01",
  },
};

/**
 * Starts both Workers with fresh stores; to be closed again. The control plane gets these settings too.
 * @param beside further Workers; they share the stores that they bind by the same ids
 */
export async function startPlanes(
  settings: Readonly<Record<string, string>> = {},
  beside: Workers = [],
): Promise<Planes> {
  process.env["WRANGLER_SEND_METRICS"] = "false";
  process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";
  process.env["X_LOCAL_OBSERVABILITY"] = "false";
  const adminKey = newKey("admin");
  const signing = { SIGNING_SECRET: "a secret of the tests, 32 characters at least" };
  const harness = createTestHarness({
    root: join(import.meta.dirname, "../.."),
    workers: [
      {
        configPath: "wrangler.toml",
        secrets: signing,
        ...(beside.includes(fakeErp) ? { bindingOverrides: { ORDERS: fakeErp.config.name } } : {}),
      },
      {
        configPath: "control-plane/wrangler.toml",
        secrets: {
          ...signing,
          ...settings,
          ADMIN_KEY_SHA256: createHash("sha256").update(adminKey).digest("hex"),
        },
      },
      ...beside,
    ],
  });
  const { url } = await harness.listen();
  const workers = {
    edge: harness.getWorker("pricewright-edge"),
    control: harness.getWorker("pricewright-control"),
  };
  await workers.control.applyD1Migrations("CATALOG");
  await workers.control.applyD1Migrations("PUBLISHED");
  const control = askOf(workers.control);
  return {
    edge: { fetch: askOf(workers.edge) },
    control: { fetch: control },
    keys: await makeKeys(control, adminKey),
    workers,
    edgeUrl: url,
    beside: (name) => askOf(harness.getWorker(name)),
    controlEnv: () => workers.control.getEnv() as Promise<ControlEnv>, // As its configuration says.
    takeLogs: () => {
      const messages = harness.getLogs().map(({ message }) => message);
      harness.clearLogs();
      return messages;
    },
    close: () => harness.close(),
  };
}

// The handle's `fetch` has the types of the library that it came with, which mean the same.
function askOf(worker: WorkerHandle): Ask {
  return (path, init) =>
    worker.fetch(path, init as Parameters<typeof worker.fetch>[1]) as unknown as Promise<Response>;
}

/** Makes a key through the API. */
export async function makeKey(control: Ask, adminKey: string, role: Role): Promise<InsertedKey> {
  const response = await control("/v1/keys", {
    method: "POST",
    headers: { Authorization: `Bearer ${adminKey}`, "Content-Type": "application/json" },
    body: JSON.stringify({ role }),
  });
  const { id, key } = await response.json<InsertedKey>();
  return { id, key };
}

async function makeKeys(control: Ask, adminKey: string): Promise<Record<Role, InsertedKey>> {
  const keys: (readonly [Role, InsertedKey])[] = [];
  for (const role of roles) keys.push([role, await makeKey(control, adminKey, role)]);
  return Object.fromEntries(keys) as Record<Role, InsertedKey>; // One of each.
}
