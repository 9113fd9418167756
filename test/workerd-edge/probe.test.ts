import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
it("probes", async () => {
  const row = await env.PUBLISHED.prepare("SELECT count(*) AS c FROM quotes").first("c");
  expect(row).toBe(0);
});
