import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";

// Where Linux keeps files in memory; elsewhere, and in containers that give it little, stores stay on the disk.
const memory = "/dev/shm";
const bytesNeeded = 2 ** 30;

/**
 * Lets the Workers of tests keep their stores in memory: on a disk they wait for it at each commit, and tests that
 * break a publish at each of its calls commit many thousand times.
 */
export function keepStoresInMemory(): void {
  // Vitest reads its configuration once for each project.
  if (process.env["TMPDIR"]?.startsWith(`${memory}/`) === true) return;
  if (bytesFree(memory) < bytesNeeded) return;
  const folder = mkdtempSync(join(memory, "pricewright-"));
  process.env["TMPDIR"] = folder;
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
}

function bytesFree(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0; // There is no such folder.
  }
}
