import { runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { listQuotes } from "../../workers/queries/list-quotes.ts";
import { openQuote } from "../../workers/quotes/open-quote.ts";
import { edgeEnv, inboxObject, quoteObject } from "../support/edge-env.ts";
import {
  approver,
  assessmentOf,
  authorityOf,
  buyer,
  opening,
  priced,
  seller,
} from "../support/quote-samples.ts";

// Alarms ring by the real clock: with this one they ring when a test says so.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2031-01-01T00:00:00.000Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a quote's object: it promises that…", () => {
  it("a quote lives from its opening to its order", async () => {
    const id = "q-life";
    const stub = quoteObject(id);
    let n = 0;
    const key = () => ({ scope: `k${++n}`, digest: "d" });
    const opened = await openQuote(edgeEnv, opening(id), Date.now());
    expect(opened.kind).toBe("done");
    const run = async (actor: typeof buyer, command: object, expected: number) => {
      const done = await stub.execute({ command, actor, expected, idempotency: key() } as never);
      expect(done).toMatchObject({ kind: "done" });
      return done;
    };
    await run(buyer, { command: "submit" }, 1);
    await run(
      seller,
      {
        command: "offer",
        set: priced([{ offeredPrice: "9.50" }]),
        assessment: assessmentOf([[{ role: "head" }]]),
      },
      2,
    );
    const read = await stub.read();
    expect(read?.status).toBe("awaiting_approval");
    await runDurableObjectAlarm(stub);
    console.log(
      JSON.stringify(await listQuotes(edgeEnv.PUBLISHED, { side: "seller", customers: null, limit: 10 })),
    );
    console.log(
      JSON.stringify((await edgeEnv.PUBLISHED.prepare("SELECT * FROM quote_addressees").all()).results),
    );
    console.log(JSON.stringify((await edgeEnv.PUBLISHED.prepare("SELECT * FROM pins").all()).results));
    console.log(
      JSON.stringify((await edgeEnv.PUBLISHED.prepare("SELECT * FROM quote_checkpoints").all()).results),
    );
    console.log(await inboxObject("role/head").quotes("role/head"));
    console.log(JSON.stringify(await stub.audit()));
    await run(
      approver("anna"),
      { command: "approve", authority: authorityOf("anna", ["head"]) },
      read?.version ?? 0,
    );
    const v = (await stub.read())?.version ?? 0;
    await run(seller, { command: "send" }, v);
    await run(buyer, { command: "accept", picks: {} }, v + 1);
    await runDurableObjectAlarm(stub);
    console.log(JSON.stringify((await edgeEnv.PUBLISHED.prepare("SELECT * FROM orders").all()).results));
  });
});
