import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

export const workers = {
  edge: { name: "pricewright-edge", config: "wrangler.toml" },
  control: { name: "pricewright-control", config: "control-plane/wrangler.toml" },
} as const;

export type WorkerKey = keyof typeof workers;

const run = promisify(execFile);

/** Bundles both Workers as a deploy would, into a folder each. */
export async function buildWorkers(root: string, folder: string): Promise<void> {
  const wrangler = join(root, "node_modules/wrangler/bin/wrangler.js");
  const build = (key: WorkerKey) => {
    const args = ["deploy", "--dry-run", "--config", workers[key].config, "--outdir", join(folder, key)];
    return run(process.execPath, [wrangler, ...args], { cwd: root });
  };
  await Promise.all([build("edge"), build("control")]);
}
