import { afterAll, beforeAll, expect, it } from "vitest";
import { revokedPrices } from "./check-answers.ts";
import { simulate } from "./simulate.ts";
import { beginVirtualTime, endVirtualTime } from "./virtual-time.ts";

beforeAll(() => beginVirtualTime({ isSilent: true }));
afterAll(endVirtualTime);

it("without tokens a revoked deal is answered to somebody who knows of its end, and time goes back", async () => {
  const seen = { revoked: 0, older: 0 };
  for (let seed = 1; seed <= 10; seed++) {
    const { history } = await simulate(seed, { tells: false, activates: false });
    for (const asked of history.asked) {
      seen.revoked += revokedPrices(asked, history).length;
      if (asked.reply.kind === "answered" && asked.reply.head.number < asked.known.number) seen.older++;
    }
  }
  // What the simulator shows here is what it must not show when everybody tells what they know.
  expect(seen.revoked).toBeGreaterThan(0);
  expect(seen.older).toBeGreaterThan(0);
}, 120_000);
