import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createVitest, type TestCase, type TestModule } from "vitest/node";
import { keepStoresInMemory } from "../support/stores-in-memory.ts";
import { inControlPlane, inEdge } from "../support/workerd-projects.ts";
import { mutate } from "./mutate.ts";
import type { Mutation } from "./mutation.ts";
import { mutationsOfPrices } from "./of-prices.ts";
import { mutationsOfQuotes } from "./of-quotes.ts";

/**
 * Expects of each mutation that its test fails, and that the same test passes without it: a test that passes with
 * both checks nothing. Arguments are parts of the names of those to run.
 */

const root = join(import.meta.dirname, "../..");
const unbroken = "unbroken: ";
// Few are enough for what is broken on purpose.
const seeds = "8";

const wanted = process.argv.slice(2);
const chosen = [...mutationsOfPrices, ...mutationsOfQuotes].filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);
const files = [...new Set(chosen.map(({ killedBy }) => killedBy))];
const started = performance.now();

keepStoresInMemory();
const wrong: string[] = [];
const vitest = await createVitest("test", {
  root,
  config: false,
  watch: false,
  reporters: [{ onTestModuleEnd: judge }],
  maxWorkers: availableParallelism(),
  projects: [
    ...files.map((file) => project(`${unbroken}${file}`, file)),
    ...chosen.map((mutation) => project(mutation.name, mutation.killedBy, mutation)),
  ],
});
const { testModules, unhandledErrors } = await vitest.start();
await vitest.close();

wrong.push(...unhandledErrors.map(String));
if (testModules.length !== files.length + chosen.length) wrong.push(`${testModules.length} tests were run`);
for (const one of wrong) console.error(one);
const seconds = Math.round((performance.now() - started) / 1_000);
console.log(`${chosen.length} mutations, ${wrong.length} things wrong, in ${seconds} s`);
process.exitCode = wrong.length === 0 && chosen.length > 0 ? 0 : 1;

function project(name: string, file: string, mutation?: Mutation) {
  const { plugins, test, ...rest } = whereItRuns(file);
  return {
    root,
    ...rest,
    plugins: [...(mutation === undefined ? [] : [mutate(mutation)]), ...plugins],
    // What is broken must not be taken from what was kept of earlier runs, let alone be kept for later ones.
    test: {
      ...test,
      name,
      include: [file],
      silent: true,
      env: { SIMULATION_SEEDS: seeds },
      fsModuleCache: false,
    },
  };
}

function whereItRuns(file: string) {
  if (file.startsWith("test/workerd/")) return inControlPlane();
  if (file.startsWith("test/workerd-edge/")) return inEdge();
  const alias = { "cloudflare:workers": join(root, "test/simulation/worker-stand-ins.ts") };
  return { plugins: [], resolve: { alias }, test: { testTimeout: 60_000 } };
}

function judge(module: TestModule): void {
  const { name } = module.project;
  const failed = [...module.children.allTests()].find((one) => one.result().state === "failed");
  const [error] = module.errors();
  // What could not even be loaded was not tested.
  if (error !== undefined) wrong.push(`${name} can't be loaded: ${error.message}`);
  else if (name.startsWith(unbroken) !== (failed === undefined)) {
    wrong.push(failed === undefined ? `Not killed: ${name}` : `Failed: ${name}: ${messageOf(failed)}`);
  } else if (failed !== undefined) console.log(`killed: ${name}\n  ${messageOf(failed)}`);
}

function messageOf(failed: TestCase): string {
  const [error] = failed.result().errors ?? [];
  const text = error?.diff ?? error?.message ?? "";
  return text.replaceAll(/\s+/g, " ").slice(0, 200);
}
