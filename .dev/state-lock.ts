import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Claims a state folder for this process until it ends: two of them would write the same database files.
 * @throws saying which process has it
 */
export function lockState(stateFolder: string): void {
  const file = join(stateFolder, "pid");
  const owner = ownerOf(file);
  if (owner !== undefined && isRunning(owner)) {
    throw new Error(`The process ${owner} uses ${stateFolder}. Stop it, or choose another STATE_DIR.`);
  }
  writeFileSync(file, String(process.pid));
  process.once("exit", () => rmSync(file, { force: true }));
}

function ownerOf(file: string): number | undefined {
  try {
    const text = readFileSync(file, "utf8");
    return /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled, but it runs.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
