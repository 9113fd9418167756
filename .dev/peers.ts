import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { isTrytonInstalled } from "../test/peers/tryton/server.ts";

/** Compares prices with a real ERP's own. Without the ERP that is said loudly; in CI it is a failure. */
const packages =
  "tryton-server tryton-proteus tryton-modules-sale tryton-modules-sale-price-list " +
  "tryton-modules-product-price-list-dates tryton-modules-product-price-list-parent";

if (!isTrytonInstalled()) {
  console.error(
    "NOT TESTED: prices were compared with no real ERP, since Tryton is not installed. On Debian:",
  );
  console.error(`  apt-get install -y --no-install-recommends ${packages}`);
  process.exit(process.env["CI"] === "true" ? 1 : 0);
}
const root = join(import.meta.dirname, "..");
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", "--config", "test/peers/vitest.config.ts"], {
  cwd: root,
  stdio: "inherit",
});
process.exit(status ?? 1);
