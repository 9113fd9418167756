import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vitest/config";
import type { Mutation } from "./mutation.ts";

const root = join(import.meta.dirname, "../..");

/**
 * Breaks the source on purpose while it is loaded for a test. The source itself has no switch for that.
 * @throws {Error} when the file does not have the text once, since nothing would be broken then
 */
export function mutate({ name, file, find, replace }: Mutation): Plugin {
  const path = join(root, file);
  const source = readFileSync(path, "utf8");
  if (source.split(find).length !== 2) {
    throw new Error(`Cannot break ${file}: it must have once, for "${name}", the text ${find}`);
  }
  return {
    name: "mutate",
    enforce: "pre",
    load: (id) => (id.split("?")[0] === path ? source.replace(find, () => replace) : undefined),
  };
}
