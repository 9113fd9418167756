import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Server } from "./rounds.ts";
import type { ShopSnapshot } from "./shop-snapshot.ts";

const root = join(import.meta.dirname, "../..");

export interface Running extends Server {
  stop(): Promise<void>;
}

/** The edge, bundled as for a deploy, in workerd alone: none of the local planes' own Workers stand between. */
export async function runWorkerd({ index, segments, prices }: ShopSnapshot): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), "pricewright-bench-"));
  await bundle(folder);
  writeFileSync(join(folder, "snapshot.json"), JSON.stringify(index));
  writeFileSync(join(folder, "segments.bin"), segments);
  writeFileSync(join(folder, "prices.json"), JSON.stringify(prices));
  writeFileSync(join(folder, "config.capnp"), configuration);
  const server = spawn(
    // The one that the local planes run on.
    (createRequire(fileURLToPath(import.meta.resolve("miniflare")))("workerd") as { default: string })
      .default,
    ["serve", join(folder, "config.capnp"), "--socket-addr=http=127.0.0.1:0", "--control-fd=3"],
    { stdio: ["ignore", "ignore", "inherit", "pipe"] },
  );
  const [message] = (await once(server.stdio[3] as Readable, "data")) as [Buffer];
  const { port } = JSON.parse(message.toString()) as { port: number };
  return {
    port,
    process: server,
    async stop() {
      server.kill();
      await once(server, "exit");
      rmSync(folder, { recursive: true });
    },
  };
}

async function bundle(folder: string): Promise<void> {
  const wrangler = join(root, "node_modules/wrangler/bin/wrangler.js");
  const config = join(import.meta.dirname, "edge-worker/wrangler.toml");
  const args = [wrangler, "deploy", "--dry-run", "--config", config, "--outdir", folder];
  await promisify(execFile)(process.execPath, args, { cwd: root });
}

const configuration = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "edge", worker = .edge)],
  sockets = [(name = "http", http = (), service = "edge")],
);
const edge :Workerd.Worker = (
  modules = [(name = "main.js", esModule = embed "main.js")],
  compatibilityDate = "2026-11-01",
  bindings = [
    (name = "SNAPSHOT", json = embed "snapshot.json"),
    (name = "SEGMENTS", data = embed "segments.bin"),
    (name = "NAIVE", json = embed "prices.json"),
  ],
);
`;
