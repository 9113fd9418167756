import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { isChromiumInstalled } from "../test/peers/chromium/printer.ts";
import { isTrytonInstalled } from "../test/peers/tryton/server.ts";

/** Runs the tests against other people's software. What is not installed is said loudly; in CI it is a failure. */
const peers = [
  {
    test: "test/peers/tryton.test.ts",
    isInstalled: isTrytonInstalled,
    without: "prices were compared with no real ERP, since Tryton is not installed",
    packages:
      "tryton-server tryton-proteus tryton-modules-sale tryton-modules-sale-price-list " +
      "tryton-modules-product-price-list-dates tryton-modules-product-price-list-parent",
  },
  {
    test: "test/peers/document.test.ts",
    isInstalled: isChromiumInstalled,
    without: "no quote was printed, since Chromium or Poppler is not installed",
    packages: "chromium poppler-utils",
  },
];

const missing = peers.filter(({ isInstalled }) => !isInstalled());
for (const { without, packages } of missing) {
  console.error(`NOT TESTED: ${without}. On Debian:`);
  console.error(`  apt-get install -y --no-install-recommends ${packages}`);
}
const tests = peers.filter((peer) => !missing.includes(peer)).map(({ test }) => test);
if (missing.length > 0 && process.env["CI"] === "true") process.exit(1);
if (tests.length > 0) {
  const root = join(import.meta.dirname, "..");
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "run", "--config", "test/peers/vitest.config.ts", ...tests];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  process.exit(status ?? 1);
}
