import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from "wrangler";
import { workers, type WorkerKey } from "./build-workers.ts";
import type { Secrets } from "./secrets.ts";

interface Place {
  readonly root: string;
  readonly stateFolder: string;
  readonly secrets: Secrets;
}

type Ports = Readonly<Record<WorkerKey, number>>;

const host = "127.0.0.1";
const anyPort: Ports = { edge: 0, control: 0 };

/** Both Workers in one workerd, with KV, D1 and Durable Objects kept in the state folder. It ends with the process. */
export class LocalPlanes {
  readonly #place: Place;
  readonly #miniflare: Miniflare;

  private constructor(place: Place) {
    this.#place = place;
    this.#miniflare = new Miniflare(optionsOf(place, anyPort));
  }

  /** Starts them on ports that nobody else knows. */
  static async open(place: Place): Promise<LocalPlanes> {
    const planes = new LocalPlanes(place);
    await planes.#miniflare.ready;
    return planes;
  }

  /** Moves them to these ports. */
  listen(ports: Ports): Promise<void> {
    return this.#miniflare.setOptions(optionsOf(this.#place, ports));
  }

  async urls(): Promise<Record<WorkerKey, string>> {
    const url = async (key: WorkerKey) =>
      (await this.#miniflare.unsafeGetDirectURL(workers[key].name)).origin;
    return { edge: await url("edge"), control: await url("control") };
  }

  database(binding: "CATALOG" | "PUBLISHED") {
    return this.#miniflare.getD1Database(binding, workers.control.name);
  }
}

function optionsOf(place: Place, ports: Ports) {
  return convertV4MiniflareOptions({
    host,
    port: 0,
    log: new Log(LogLevel.ERROR),
    handleStructuredLogs: ({ level, message }: { level: string; message: string }) => {
      // Until others can ask, only what goes wrong is of interest.
      if (ports !== anyPort || level === "error" || level === "warn") console.log(message);
    },
    // Where `wrangler --persist-to <state folder>` looks too.
    resourcePersistencePath: join(place.stateFolder, "v3"),
    workers: [workerOf("edge", place, ports.edge), workerOf("control", place, ports.control)],
  });
}

function workerOf(key: WorkerKey, { root, stateFolder, secrets }: Place, port: number) {
  const { workerOptions } = workerOptionsOf(join(root, workers[key].config));
  const adminKeyHash = createHash("sha256").update(secrets.adminKey).digest("hex");
  return {
    ...workerOptions,
    name: workers[key].name,
    modules: [
      {
        type: "ESModule" as const,
        path: "main.js",
        contents: readFileSync(join(stateFolder, "build", key, "main.js"), "utf8"),
      },
    ],
    bindings: {
      ...(workerOptions["bindings"] as Readonly<Record<string, string>>), // The vars.
      SIGNING_SECRET: secrets.signingSecret,
      ...(key === "control" ? { ADMIN_KEY_SHA256: adminKeyHash, WEBHOOK_LOCAL_TARGETS: "allowed" } : {}),
    },
    unsafeDirectSockets: [{ host, port }],
  };
}
