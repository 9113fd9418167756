import { join } from "node:path";
import { createVitest } from "vitest/node";
import { mutations, type Mutation } from "./mutations.ts";

/** Expects of each mutation that its test fails: a test that passes nevertheless checks nothing. */

const root = join(import.meta.dirname, "../..");
// Few are enough for what is broken on purpose.
process.env["SIMULATION_SEEDS"] ??= "12";

type Outcome = "killed" | "survived" | "broken";

const wanted = process.argv.slice(2);
const chosen = mutations.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const started = performance.now();
const bad: string[] = [];
for (const mutation of chosen) {
  const before = performance.now();
  const outcome = await outcomeOf(mutation);
  const seconds = ((performance.now() - before) / 1_000).toFixed(1);
  console.log(`${outcome}: ${mutation.name} (${seconds} s)`);
  if (outcome !== "killed") bad.push(`${mutation.name}: ${mutation.killedBy}`);
}
console.log(`${chosen.length - bad.length} of ${chosen.length} mutations killed, in ${Math.round((performance.now() - started) / 1_000)} s`);
for (const one of bad) console.error(`Not killed: ${one}`);
process.exitCode = bad.length === 0 && chosen.length > 0 ? 0 : 1;

async function outcomeOf({ name, killedBy }: Mutation): Promise<Outcome> {
  process.env["MUTATION"] = name;
  const vitest = await createVitest("test", {
    root,
    config: join(root, "test/vitest.config.ts"),
    project: ["core", "simulation", "workerd"],
    watch: false,
    bail: 1,
    reporters: [{}],
  });
  try {
    const { testModules, unhandledErrors } = await vitest.start([killedBy]);
    const cases = testModules.flatMap((module) => [...module.children.allTests()]);
    // What can't even be loaded is broken in a way that the test has no part in.
    if (testModules.some((module) => module.errors().length > 0) || cases.length === 0) return "broken";
    if (unhandledErrors.length > 0) return "broken";
    const failed = cases.find((one) => one.result().state === "failed");
    if (process.env["MUTATIONS_TELL"] !== undefined) console.log(failed?.result().errors?.[0]?.message);
    return failed === undefined ? "survived" : "killed";
  } finally {
    await vitest.close();
  }
}
