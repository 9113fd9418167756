import { parseStories, playStory, type PlayedStory } from "./quote-story.ts";

/** A story that a test tells itself. */
export function playText(text: string): PlayedStory {
  const [story] = parseStories(`## A story\n${text}`);
  if (story === undefined) throw new Error("There is one story");
  return playStory(story);
}
