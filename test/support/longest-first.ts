import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The files that take longest where nothing else runs, the longest first. */
const longest = [
  "test/workerd/publisher.test.ts",
  "test/journeys/scenarios.test.ts",
  "test/simulation/simulation.test.ts",
  "test/workerd/prune.test.ts",
  "test/journeys/sample.test.ts",
  "test/workerd/guard.test.ts",
  "test/journeys/start.test.ts",
];

/** Begins with what takes longest, whichever project it is of, so that nothing is waited for alone in the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = longest.findIndex((file) => moduleId.endsWith(`/${file}`));
  return place === -1 ? longest.length : place;
}
