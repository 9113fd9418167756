import { describe, expect, it } from "vitest";
import { findBreak } from "../../shared/quoting/audit-chain.ts";
import { quoteCommands, type Refusal } from "../../shared/quoting/command.ts";
import { quoteStatuses } from "../../shared/quoting/quote.ts";
import { commandTable } from "../support/command-table.ts";
import { playStory } from "../support/quote-story.ts";
import { reduceAll } from "../support/reduce-all.ts";
import { allStories, storyFiles } from "../support/story-files.ts";

describe.each(storyFiles)("%s", (file, stories) => {
  it.each(stories.map((story) => [story.title, story] as const))("%s", (_title, story) => {
    const { world, told } = playStory(story);
    expect(told.length).toBeGreaterThan(0);
    for (const each of told) {
      const at = `${file}:${each.line} ${each.step}`;
      expect({ at, ...each.told }).toEqual({ at, ...each.expected });
    }
    expect(reduceAll(world.log)).toEqual(world.quote);
    expect(findBreak(world.log)).toBeUndefined();
  });
});

describe("all stories together", () => {
  const attempts = () => allStories.flatMap((story) => playStory(story).attempts);

  it("carry out every command from every state that the table allows", () => {
    const done = new Set(
      attempts()
        .filter(({ decision }) => decision.kind === "accepted")
        .map(({ actor, before, command }) => `${command.command} ${actor.party} ${before.status}`),
    );
    const wanted = quoteCommands.flatMap((command) =>
      (["buyer", "seller"] as const).flatMap((party) =>
        quoteStatuses
          .filter((status) => commandTable[command][party].has(status))
          .map((status) => `${command} ${party} ${status}`),
      ),
    );
    expect(wanted.length).toBeGreaterThan(60);
    expect(wanted.filter((each) => !done.has(each))).toEqual([]);
  });

  it("meet every reason to refuse", () => {
    const reasons: Record<Refusal["reason"], boolean> = {
      not_for_party: false,
      wrong_state: false,
      expired: false,
      self_approval: false,
      not_asked: false,
      beyond_authority: false,
      already_decided: false,
      not_a_delegate: false,
      incomplete: false,
      unknown_pick: false,
    };
    for (const { decision } of attempts()) if (decision.kind === "refused") reasons[decision.reason] = true;
    expect(Object.entries(reasons).filter(([, isMet]) => !isMet)).toEqual([]);
  });
});
