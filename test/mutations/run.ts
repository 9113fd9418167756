import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createVitest, type TestModule } from "vitest/node";
import { mutate } from "./mutate.ts";
import { mutations, type Mutation } from "./mutations.ts";

/**
 * Expects of each mutation that its test fails, and that the same test passes without it: a test that passes with
 * both checks nothing. Arguments are parts of the names of those to run.
 */

const root = join(import.meta.dirname, "../..");
const unbroken = "unbroken: ";
// Few are enough for what is broken on purpose.
const seeds = "8";

const wanted = process.argv.slice(2);
const chosen = mutations.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const files = [...new Set(chosen.map(({ killedBy }) => killedBy))];
const started = performance.now();

const vitest = await createVitest("test", {
  root,
  config: false,
  watch: false,
  reporters: [{}],
  maxWorkers: availableParallelism(),
  projects: [
    ...files.map((file) => project(`${unbroken}${file}`, file)),
    ...chosen.map((mutation) => project(mutation.name, mutation.killedBy, mutation)),
  ],
});
const { testModules, unhandledErrors } = await vitest.start();
await vitest.close();

const wrong = [
  ...files.flatMap((file) => (failureOf(`${unbroken}${file}`) === "none" ? [] : [`${file} fails without a mutation`])),
  ...chosen.flatMap(({ name, killedBy }) => {
    const failure = failureOf(name);
    console.log(`${failure === "none" ? "SURVIVED" : "killed"}: ${name}\n  ${failure}`);
    return failure === "none" ? [`${name}: ${killedBy} passes`] : [];
  }),
  ...unhandledErrors.map(String),
];
for (const one of wrong) console.error(one);
const seconds = Math.round((performance.now() - started) / 1_000);
console.log(`${chosen.length} mutations, ${wrong.length} things wrong, in ${seconds} s`);
process.exitCode = wrong.length === 0 && chosen.length > 0 ? 0 : 1;

function project(name: string, file: string, mutation?: Mutation) {
  return {
    root,
    plugins: mutation === undefined ? [] : [mutate(mutation)],
    resolve: { alias: { "cloudflare:workers": join(root, "test/simulation/worker-stand-ins.ts") } },
    test: { name, include: [file], silent: true, env: { SIMULATION_SEEDS: seeds } },
  };
}

/** What the first test said that failed, or `none`. What could not even be loaded was not tested. */
function failureOf(name: string): string {
  const modules = testModules.filter((module) => module.project.name === name);
  const cases = modules.flatMap((module: TestModule) => [...module.children.allTests()]);
  const errors = modules.flatMap((module) => module.errors());
  if (cases.length === 0 || errors.length > 0) throw new Error(`${name} can't be loaded: ${errors[0]?.message}`);
  const failed = cases.find((one) => one.result().state === "failed");
  if (failed === undefined) return "none";
  const [error] = failed.result().errors ?? [];
  return (error?.diff ?? error?.message ?? "failed").split("\n").filter((line) => /^[+]|^[^-+ ]/.test(line)).join(" ").slice(0, 200);
}
