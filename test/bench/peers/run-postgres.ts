import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const debianFolder = "/usr/lib/postgresql";

/** PostgreSQL on a free port, with a new cluster that is removed afterwards; undefined where it is not installed. */
export async function runPostgres(): Promise<{ port: number; stop(): Promise<void> } | undefined> {
  const binaries = findBinaries();
  if (binaries === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "pricewright-postgres-"));
  // It refuses to run as root.
  const as = process.getuid?.() === 0 ? accountOf("postgres") : {};
  if (as.uid !== undefined && as.gid !== undefined) chownSync(folder, as.uid, as.gid);
  const options = { ...as, cwd: folder, stdio: "ignore" } as const;
  const initialize = ["-D", folder, "-A", "trust", "-U", "bench", "--no-sync", "-E", "UTF8", "--locale=C"];
  execFileSync(join(binaries, "initdb"), initialize, options);
  const port = await freePort();
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "shared_buffers=256MB"];
  const args = ["-D", folder, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
  const server = spawn(join(binaries, "postgres"), args, options);
  await untilReady(join(binaries, "pg_isready"), port);
  return {
    port,
    async stop() {
      server.kill("SIGINT");
      await once(server, "exit");
      rmSync(folder, { recursive: true });
    },
  };
}

function findBinaries(): string | undefined {
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder) : [];
  const folders = versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(debianFolder, version, "bin"));
  const path = (process.env["PATH"] ?? "").split(":");
  return [...folders, ...path].find((folder) => existsSync(join(folder, "initdb")));
}

function accountOf(user: string): { uid?: number; gid?: number } {
  const id = (flag: string) => Number(execFileSync("id", [flag, user], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function untilReady(isReady: string, port: number): Promise<void> {
  for (const deadline = performance.now() + 60_000; performance.now() < deadline;) {
    try {
      execFileSync(isReady, ["-q", "-h", "127.0.0.1", "-p", String(port)]);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100)); // It says so until it takes connections.
    }
  }
  throw new Error("PostgreSQL did not start");
}
