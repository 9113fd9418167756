import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vitest/config";
import { mutations } from "./mutations.ts";

const root = join(import.meta.dirname, "../..");

/**
 * Breaks the source on purpose, as the mutation that `MUTATION` names has it, while it is loaded for a test. The
 * sources themselves have no switch for that.
 */
export function mutate(name = process.env["MUTATION"]): Plugin[] {
  if (name === undefined || name === "") return [];
  const mutation = mutations.find((one) => one.name === name);
  if (mutation === undefined) throw new Error(`There is no mutation ${name}`);
  const { find, replace } = mutation;
  const path = join(root, mutation.file);
  const source = readFileSync(path, "utf8");
  if (source.split(find).length !== 2) {
    throw new Error(`Cannot mutate ${mutation.file}: it has the text of ${name} not once: ${find}`);
  }
  return [
    {
      name: "mutate",
      enforce: "pre",
      load: (id) => (id.split("?")[0] === path ? source.replace(find, () => replace) : undefined),
    },
  ];
}
