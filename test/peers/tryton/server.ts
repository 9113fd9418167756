import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TrytonServer } from "../../../control-plane/connectors/tryton/client.ts";

const database = "company";
const password = "admin";
const modules = ["sale", "sale_price_list", "product_price_list_dates", "product_price_list_parent"];
// Debian's own, which its packages are for, whatever else is on the PATH.
const python = "/usr/bin/python3";
const seed = join(import.meta.dirname, "seed.py");

export interface RunningTryton extends TrytonServer {
  stop(): Promise<void>;
}

/** Whether the Debian packages are there. */
export function isTrytonInstalled(): boolean {
  try {
    execFileSync(python, ["-c", "import trytond, proteus, trytond.modules.sale_price_list"], {
      stdio: "ignore",
    });
    return true;
  } catch {
    return false;
  }
}

/** Starts a Tryton on a free port, with the seeded company. */
export async function startTryton(): Promise<RunningTryton> {
  const folder = mkdtempSync(join(tmpdir(), "tryton-"));
  const port = await freePort();
  const configuration = writeConfiguration(folder, port);
  copyFileSync(seededDatabase(), join(folder, `${database}.sqlite`));
  const server = spawn(python, ["/usr/bin/trytond", "-c", configuration, "-d", database], {
    stdio: "ignore",
  });
  const url = `http://127.0.0.1:${port}`;
  await answers(url);
  return {
    url,
    database,
    user: "admin",
    password,
    async stop() {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** The seeded database, made once for each version of the seed. */
function seededDatabase(): string {
  const version = createHash("sha256")
    .update(readFileSync(seed))
    .update(modules.join())
    .digest("hex")
    .slice(0, 16);
  const kept = join(tmpdir(), `tryton-seed-${version}.sqlite`);
  if (existsSync(kept)) return kept;
  const folder = mkdtempSync(join(tmpdir(), "tryton-seed-"));
  const configuration = writeConfiguration(folder, 0);
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password);
  const file = join(folder, `${database}.sqlite`);
  writeFileSync(file, "");
  const run = (...command: string[]) =>
    execFileSync(python, command, { env: { ...process.env, TRYTONPASSFILE: passwordFile }, stdio: "pipe" });
  const admin = ["/usr/bin/trytond-admin", "-c", configuration, "-d", database];
  run(...admin, "--all", "--email", "admin@example.com");
  run(...admin, "--activate-dependencies", "-u", ...modules);
  run(seed, configuration, database);
  renameSync(file, `${folder}.sqlite`);
  // In one step, so that another run never finds half of it.
  renameSync(`${folder}.sqlite`, kept);
  rmSync(folder, { recursive: true });
  return kept;
}

function writeConfiguration(folder: string, port: number): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "trytond.conf");
  writeFileSync(
    path,
    `[database]\nuri = sqlite://\npath = ${folder}\n[web]\nlisten = 127.0.0.1:${port}\n[queue]\nworker = False\n`,
  );
  return path;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address !== null
          ? resolve(address.port)
          : reject(new Error("no port")),
      );
    });
  });
}

const startSecondsMax = 60;

async function answers(url: string): Promise<void> {
  const end = Date.now() + startSecondsMax * 1000;
  for (;;) {
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    if (Date.now() > end) throw new Error(`Tryton did not answer within ${startSecondsMax} seconds`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
