// Runs a command with all that it needs, from a fresh clone: `node .dev/setup.mjs <command> [arguments]`.
// It must itself run on Node 20, without any package.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";

const root = join(import.meta.dirname, "..");
const binaries = join(root, "node_modules", ".bin");
const isWindows = process.platform === "win32";
// The first that runs TypeScript by itself; wrangler and vitest ask for less.
const [majorMin, minorMin] = [22, 18];

if (isInstallDue()) {
  console.error("Installing the packages of package-lock.json …");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
    shell: isWindows,
  });
  if (status !== 0) process.exit(status ?? 1);
}
if (!existsSync(join(binaries, "node")) && !isNodeNewEnough()) {
  console.error(
    `Node ${process.versions.node} is too old: Pricewright needs ${majorMin}.${minorMin}, and npm has not installed the ` +
      `one that comes with it for ${process.platform}-${process.arch}. Install a newer Node and try again.`,
  );
  process.exit(1);
}
run(process.argv.slice(2));

function isInstallDue() {
  const installed = join(root, "node_modules", ".package-lock.json");
  return (
    !existsSync(installed) || statSync(installed).mtimeMs < statSync(join(root, "package-lock.json")).mtimeMs
  );
}

function isNodeNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > majorMin || (major === majorMin && minor >= minorMin);
}

// The packages' commands say `#!/usr/bin/env node`, which finds the project's own Node first.
function run([command = "node", ...rest]) {
  const env = {
    ...process.env,
    PATH: `${binaries}${delimiter}${process.env.PATH}`,
    WRANGLER_SEND_METRICS: "false",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    X_LOCAL_OBSERVABILITY: "false",
  };
  const child = spawn(command, rest, { cwd: root, env, stdio: "inherit", shell: isWindows });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`Cannot run ${command}: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
