import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseStories, type Story } from "./quote-story.ts";

const folder = join(import.meta.dirname, "../quoting/stories");

/** All stories of quotes, by file. */
export const storyFiles: readonly (readonly [file: string, stories: readonly Story[]])[] = readdirSync(folder)
  .filter((name) => name.endsWith(".txt"))
  .toSorted()
  .map((name) => [name, parseStories(readFileSync(join(folder, name), "utf8"))]);

export const allStories: readonly Story[] = storyFiles.flatMap(([, stories]) => stories);
