import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { playStory } from "../support/quote-story.ts";
import { allStories } from "../support/story-files.ts";

/**
 * Records a story's log and state in the corpus, for ever:
 * `node .dev/setup.mjs node test/quoting/record-story.ts "<title of the story>" <name of the file>`.
 */
function record([title = "", name = ""]: readonly string[]): void {
  const story = allStories.find((each) => each.title === title);
  if (story === undefined) throw new Error(`There is no story '${title}'`);
  const path = join(import.meta.dirname, "corpus", `${name}.json`);
  if (name === "" || existsSync(path)) {
    throw new Error(
      `Cannot record as '${name}': a recorded log is never changed, so it needs a name of its own`,
    );
  }
  const { log, quote } = playStory(story).world;
  writeFileSync(path, `${JSON.stringify({ story: title, log, state: quote }, null, 2)}\n`);
}

record(process.argv.slice(2));
