import {
  abortAllDurableObjects,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { appendToChain } from "../../shared/quoting/audit-chain.ts";
import { decide } from "../../shared/quoting/decide.ts";
import type { QuoteCommand } from "../../shared/quoting/command.ts";
import { opened } from "../../shared/quoting/opened.ts";
import type { Quote } from "../../shared/quoting/quote.ts";
import { reduce } from "../../shared/quoting/reduce.ts";
import type { Executed, Execution, QuoteStore } from "../../workers/quotes/quote-store.ts";
import { edgeEnv, quoteObject } from "../support/edge-env.ts";
import {
  approvals,
  approver,
  assessmentOf,
  authorityOf,
  buyer,
  carryOut,
  life,
  offer,
  opening,
  priced,
  seller,
  type Move,
} from "../support/quote-samples.ts";

// Alarms ring by the real clock, and so only when a test says so.
const start = Date.parse("2031-01-01T00:00:00.000Z");
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

let quotes = 0;
async function openedQuote(name = `c${++quotes}`) {
  const stub = quoteObject(name);
  expect(await stub.open(opening(name))).toMatchObject({ kind: "done", quote: { version: 1 } });
  return stub;
}

const toRequest = (move: Move, expected: number, scope: string, digest = "d"): Execution => ({
  ...move,
  expected,
  idempotency: { scope, digest },
});

/** Every command that there is, as some caller would give it at that time. */
const moves = fc.constantFrom<Move>(
  ...life,
  ...approvals,
  { actor: buyer, command: { command: "revise", set: priced([{ requestedPrice: "8.00" }]) } },
  {
    actor: buyer,
    command: { command: "counter", set: priced([{ requestedPrice: "8.50" }], { snapshot: "s2" }) },
  },
  { actor: buyer, command: { command: "reprice", set: priced([{}], { snapshot: "s3" }) } },
  { actor: buyer, command: { command: "withdraw", reason: "no need" } },
  { actor: buyer, command: { command: "decline" } },
  { actor: buyer, command: { command: "comment", text: "please", internal: false } },
  { actor: seller, command: { command: "comment", text: "a secret", internal: true } },
  { actor: seller, command: { command: "revise", set: priced([{ offeredPrice: "9.80" }]) } },
  { actor: seller, command: { command: "offer", assessment: assessmentOf([]) } },
  { actor: seller, command: { command: "withdraw" } },
  {
    actor: approver("anna"),
    command: { command: "reject", authority: authorityOf("anna", ["head"]), reason: "no" },
  },
  {
    actor: approver("anna"),
    command: { command: "delegate", authority: authorityOf("anna", ["head"]), to: "dora" },
  },
  { actor: approver("dora"), command: { command: "approve", authority: authorityOf("dora") } },
);

const runs = Number(edgeEnv.RANDOM_RUNS || 12);
const seed = edgeEnv.RANDOM_SEED === "" ? {} : { seed: Number(edgeEnv.RANDOM_SEED) };

describe("commands: they promise that…", () => {
  it("whatever is sent, twice each and over evictions, the log is what the core decides, and the state what it adds up to", async () => {
    const steps = fc.record({
      move: moves,
      disturbance: fc.constantFrom("none", "none", "evict", "alarm", "time"),
      isStale: fc.nat(9).map((n) => n === 0),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 4, maxLength: 16 }), async (script) => {
        vi.setSystemTime(start);
        const stub = await openedQuote();
        const id = `c${quotes}`;
        const { actor, idempotency: _, ...first } = opening(id);
        const at = new Date(start).toISOString();
        let entry = appendToChain(undefined, { at, actor, event: opened(first, { actor, at }) });
        let model: Quote = reduce(undefined, entry);
        const log = [entry];

        for (const [number, { move, disturbance, isStale }] of script.entries()) {
          if (disturbance === "evict") await evictDurableObject(stub);
          if (disturbance === "alarm") await runDurableObjectAlarm(stub);
          if (disturbance === "time") vi.setSystemTime(Date.now() + 60_000);
          const expected = isStale ? model.version - 1 : model.version;
          const request = toRequest(move, expected, `k${number}`);
          const answer = await stub.execute(request);
          const before = model;
          const now = new Date().toISOString();
          const decision = decide(model, move.command, { actor: move.actor, at: now });
          if (isStale) {
            expect(answer).toEqual({ kind: "stale", version: model.version });
          } else if (decision.kind === "refused") {
            const { kind, ...refusal } = decision;
            expect(answer).toEqual({ kind, refusal });
          } else {
            for (const event of decision.events) {
              entry = appendToChain(entry, { at: now, actor: move.actor, event });
              log.push(entry);
              model = reduce(model, entry);
            }
            expect(answer).toEqual({ kind: "done", quote: model });
          }
          if (disturbance === "evict") await evictDurableObject(stub);
          const repeated = await stub.execute(request);
          if (model === before) expect(repeated).toEqual(answer);
          else expect(repeated).toMatchObject({ kind: "repeated", quote: model });
        }
        await evictDurableObject(stub);
        expect(await stub.events()).toEqual(log);
        expect(await stub.read()).toEqual(model);
      }),
      { numRuns: runs, ...seed },
    );
  });

  it("a request that is sent again is answered as the first time, whatever happened since", async () => {
    const stub = await openedQuote();
    const submit = toRequest({ actor: buyer, command: { command: "submit" } }, 1, "k");
    const first = await stub.execute(submit);
    await carryOut(stub, [offer, ...approvals]);
    await evictDurableObject(stub);
    expect(await stub.execute(submit)).toMatchObject({ ...first, kind: "repeated" });
    expect(await stub.look(submit)).toMatchObject({ kind: "repeated", current: { status: "approved" } });
  });

  it("a key that was used for other bytes is refused before anything else, and nothing happens", async () => {
    const stub = await openedQuote();
    const submit: Move = { actor: buyer, command: { command: "submit" } };
    await stub.execute(toRequest(submit, 1, "k"));
    const before = await stub.events();
    for (const expected of [1, 2]) {
      expect(
        (
          await stub.execute(
            toRequest({ ...submit, command: { command: "withdraw" } }, expected, "k", "other"),
          )
        ).kind,
      ).toBe("key_reused");
    }
    expect(await stub.events()).toEqual(before);
    expect((await stub.open(opening(`c${quotes}`))).kind).toBe("key_reused");
  });

  it("a key of one caller is none of another's", async () => {
    const stub = await openedQuote();
    const comment = (text: string): Move => ({
      actor: buyer,
      command: { command: "comment", text, internal: false },
    });
    expect((await stub.execute(toRequest(comment("a"), 1, "key-1/k", "a"))).kind).toBe("done");
    expect((await stub.execute(toRequest(comment("b"), 2, "key-2/k", "b"))).kind).toBe("done");
  });

  it("a refused request may be sent again with its key, once it fits", async () => {
    const stub = await openedQuote();
    const send: Move = { actor: seller, command: { command: "send" } };
    expect(await stub.execute(toRequest(send, 1, "k"))).toMatchObject({
      kind: "refused",
      refusal: { reason: "wrong_state" },
    });
    const { version } = await carryOut(stub, life.slice(0, 4));
    expect((await stub.execute(toRequest(send, version, "k"))).kind).toBe("done");
  });

  it("a command for an older version changes nothing", async () => {
    const stub = await openedQuote();
    const { version } = await carryOut(stub, life.slice(0, 2));
    const approve = life[2] ?? offer;
    for (const expected of [0, version - 1, version + 1]) {
      expect(await stub.execute(toRequest(approve, expected, "k"))).toEqual({ kind: "stale", version });
    }
    expect((await stub.read())?.version).toBe(version);
  });

  it("the same request many times at once is carried out once", async () => {
    const stub = await openedQuote();
    const request = toRequest({ actor: buyer, command: { command: "submit" } }, 1, "k");
    const answers = await Promise.all(Array.from({ length: 8 }, () => stub.execute(request)));
    expect(answers.map(({ kind }) => kind).sort()).toEqual(["done", ...Array<string>(7).fill("repeated")]);
    expect(await stub.events()).toHaveLength(2);
  });

  it("of approvers who decide at once exactly one does", async () => {
    const rival = (person: string, command: "approve" | "reject"): Move => {
      const authority = authorityOf(person, ["head"]);
      const decision: QuoteCommand =
        command === "approve" ? { command, authority } : { command, authority, reason: "too low" };
      return { actor: approver(person), command: decision };
    };
    const pairs = [
      [rival("anna", "approve"), rival("bert", "reject")],
      [rival("anna", "reject"), rival("bert", "approve")],
      [rival("anna", "approve"), rival("bert", "approve")],
      [rival("anna", "reject"), rival("anna", "approve")],
    ];
    for (const pair of pairs) {
      const stub = await openedQuote();
      const { version } = await carryOut(stub, life.slice(0, 2));
      const answers = await Promise.all(
        pair.map((move, index) => stub.execute(toRequest(move, version, `k${index}`))),
      );
      expect(answers.map(({ kind }) => kind).sort()).toEqual(["done", "stale"]);
      const decided = (await stub.events()).filter(({ event }) =>
        ["approved", "rejected"].includes(event.type),
      );
      expect(decided).toHaveLength(1);
      const winner = answers.findIndex(({ kind }) => kind === "done");
      expect(decided[0]?.actor).toEqual(pair[winner]?.actor);
    }
  });

  it("an opening that is repeated meets the quote that it made, and another one with its key does not", async () => {
    const stub = quoteObject("opened-twice");
    const first = opening("opened-twice", { idempotency: { scope: "k", digest: "d" } });
    const answers: readonly { readonly kind: string }[] = await Promise.all([
      stub.open(first),
      stub.open(first),
    ]);
    expect(answers.map(({ kind }) => kind).sort()).toEqual(["done", "repeated"]);
    await carryOut(stub, life);
    expect(await stub.open(first)).toMatchObject({
      kind: "repeated",
      quote: { version: 1, status: "draft" },
    });
    expect(await stub.open({ ...first, idempotency: { scope: "k", digest: "other" } })).toEqual({
      kind: "key_reused",
    });
  });

  it("a quote that was never opened is unknown", async () => {
    const stub = quoteObject("never-opened");
    const idempotency = { scope: "k", digest: "d" };
    const answer: Executed = await stub.execute({
      actor: buyer,
      command: { command: "submit" },
      expected: 0,
      idempotency,
    });
    expect(answer).toEqual({ kind: "unknown" });
    expect(await stub.read()).toBeUndefined();
    expect(await stub.wake()).toBe(false);
  });

  it("a set that is too large to keep is refused whole", async () => {
    const stub = await openedQuote();
    const many = Array.from({ length: 500 }, () => ({ name: "n".repeat(4_000) }));
    const revise: Move = { actor: buyer, command: { command: "revise", set: priced(many) } };
    expect(await stub.execute(toRequest(revise, 1, "k"))).toEqual({ kind: "too_large" });
    expect(await stub.events()).toHaveLength(1);
  });

  it("a command that can't be kept whole leaves nothing, and may be sent again", async () => {
    const stub = await openedQuote();
    const before = await stub.events();
    const submit = toRequest({ actor: buyer, command: { command: "submit" } }, 1, "k");
    await runInDurableObject(stub, async (object, state) => {
      state.storage.sql.exec("ALTER TABLE outbox RENAME TO broken");
      const store = object as unknown as QuoteStore;
      await expect(store.execute(submit)).rejects.toThrow("no such table");
      state.storage.sql.exec("ALTER TABLE broken RENAME TO outbox");
    });
    expect(await stub.events()).toEqual(before);
    await evictDurableObject(stub);
    expect(await stub.events()).toEqual(before);
    expect(await stub.execute(submit)).toMatchObject({ kind: "done", quote: { version: 2 } });
  });

  it("an object that is aborted has lost nothing that it answered", async () => {
    const stub = await openedQuote("aborted");
    const quote = await carryOut(stub, life);
    await abortAllDurableObjects();
    expect(await quoteObject("aborted").read()).toEqual(quote);
  });
});

describe("the log: it promises that…", () => {
  /** Changes something in the object's storage, as only somebody with access to it could. */
  const tamper = async (id: string, sql: string) => {
    await runInDurableObject(quoteObject(id), (_object, state) => void state.storage.sql.exec(sql));
    await evictDurableObject(quoteObject(id));
  };
  const made = async (id: string) => {
    const stub = await openedQuote(id);
    await carryOut(stub, life.slice(0, 3));
    await runDurableObjectAlarm(stub);
    const { version } = await carryOut(stub, life.slice(3));
    await runDurableObjectAlarm(stub);
    expect(await stub.audit()).toMatchObject({ events: version, checkpoint: { seq: version }, faults: [] });
    return version;
  };
  const faultsOf = async (id: string) => (await quoteObject(id).audit())?.faults;

  it.each([
    ["a price that was changed", "UPDATE event SET body = replace(body, '9.50', '9.40') WHERE seq = 3", 3],
    ["another actor", "UPDATE event SET actor = replace(actor, 'anna', 'bert') WHERE actor LIKE '%anna%'", 5],
    ["another time", "UPDATE event SET at = '2031-01-01T00:00:01.000Z' WHERE seq = 2", 2],
  ])("%s is seen", async (name, sql, seq) => {
    await made(`tampered: ${name}`);
    await tamper(`tampered: ${name}`, sql);
    expect(await faultsOf(`tampered: ${name}`)).toContainEqual({ fault: "chain_broken", seq });
  });

  it("an entry that was removed, or moved, is seen, and nothing is done with such a quote any more", async () => {
    await made("removed");
    await tamper("removed", "DELETE FROM event WHERE seq = 2");
    expect(await faultsOf("removed")).toContainEqual({ fault: "chain_broken", seq: 2 });
    await made("moved");
    await tamper(
      "moved",
      "UPDATE event SET seq = 99 WHERE seq = 2; UPDATE event SET seq = 2 WHERE seq = 3; UPDATE event SET seq = 3 WHERE seq = 99",
    );
    expect(await faultsOf("moved")).toContainEqual({ fault: "chain_broken", seq: 2 });
    const before = await quoteObject("removed").events();
    const request = toRequest(
      { actor: buyer, command: { command: "comment", text: "hm", internal: false } },
      8,
      "k9",
    );
    await runInDurableObject(quoteObject("removed"), async (object) => {
      const store = object as unknown as QuoteStore;
      await expect(store.execute(request)).rejects.toThrow("does not add up");
      await expect(store.wake()).rejects.toThrow("does not add up");
    });
    expect(await quoteObject("removed").events()).toEqual(before);
  });

  it("an end that was cut off is seen by the checkpoints", async () => {
    const version = await made("cut");
    await tamper("cut", `DELETE FROM event WHERE seq > ${version - 2}`);
    expect(await faultsOf("cut")).toEqual([{ fault: "truncated", seq: version }]);
  });

  it("a log that was written anew, with a chain that fits, is seen by the checkpoints", async () => {
    const version = await made("anew");
    const events = await quoteObject("anew").events();
    await runInDurableObject(quoteObject("anew"), (_object, state) => {
      let previous: (typeof events)[number] | undefined;
      for (const { at, actor, event } of events) {
        const forged = JSON.parse(JSON.stringify(event).replaceAll("9.50", "9.40")) as typeof event;
        previous = appendToChain(previous, { at, actor, event: forged });
        const { seq, hash } = previous;
        state.storage.sql.exec(
          "UPDATE event SET body = ?, hash = ? WHERE seq = ?",
          JSON.stringify(forged),
          hash,
          seq,
        );
      }
    });
    await evictDurableObject(quoteObject("anew"));
    const faults = await faultsOf("anew");
    expect(faults).toContainEqual({ fault: "rewritten", seq: version });
    expect(faults?.some(({ fault }) => fault === "chain_broken")).toBe(false);
  });

  it("a checkpoint that was changed is seen, and one is never written over", async () => {
    const version = await made("forged");
    await edgeEnv.PUBLISHED.prepare("UPDATE quote_checkpoints SET hash = ?2 WHERE quote = ?1 AND seq = ?3")
      .bind("forged", "0".repeat(64), version)
      .run();
    expect(await faultsOf("forged")).toEqual([{ fault: "checkpoint_forged", seq: version }]);
    await quoteObject("forged").wake();
    expect(await faultsOf("forged")).toEqual([{ fault: "checkpoint_forged", seq: version }]);
  });
});

describe("listeners: they are promised that…", () => {
  const listenTo = async (id: string, audience: string) => {
    const response = await quoteObject(id).fetch(`https://quote/live?audience=${audience}`, {
      headers: { Upgrade: "websocket" },
    });
    const socket = response.webSocket;
    if (socket === null) throw new Error(`No socket: ${response.status}`);
    const messages: { version: number; status: string; event?: { type: string } }[] = [];
    let code: number | undefined;
    const said: string[] = [];
    socket.addEventListener("message", ({ data }) => {
      if (data === "pong") said.push(data);
      else messages.push(JSON.parse(String(data)));
    });
    socket.addEventListener("close", (event) => {
      code = event.code;
    });
    socket.accept();
    return { socket, messages, said, closedBy: () => code };
  };

  it("each hears what it may know, and the buyer nothing of what is internal, also after an eviction", async () => {
    const stub = await openedQuote("heard");
    const [buyers, internal] = [await listenTo("heard", "buyer"), await listenTo("heard", "internal")];
    const secret: Move = {
      actor: seller,
      command: { command: "comment", text: "cost is 4.20", internal: true },
    };
    await carryOut(stub, [...life.slice(0, 2), secret]);
    await evictDurableObject(stub);
    const { version } = await carryOut(stub, life.slice(2));
    await expect
      .poll(() => [buyers, internal].map(({ messages }) => messages.at(-1)?.version))
      .toEqual([version, version]);
    expect(internal.messages.map((message) => message.event?.type)).toEqual(
      (await stub.events()).slice(1).map(({ event }) => event.type),
    );
    expect(buyers.messages.map((message) => message.version)).toEqual(
      internal.messages.map((message) => message.version),
    );
    const heard = JSON.stringify(buyers.messages);
    expect(heard).not.toMatch(/4\.20|20\.00|anna|carl|discount of|internal|tier/);
    expect(buyers.messages.flatMap(({ event }) => event?.type ?? [])).toEqual([
      "submitted",
      "sent",
      "accepted",
    ]);
  });

  it("a buyer who has listened for five minutes has to show again who they are", async () => {
    const stub = await openedQuote("listened");
    const listener = await listenTo("listened", "buyer");
    vi.setSystemTime(start + 300_000);
    await carryOut(stub, life.slice(0, 1));
    await expect.poll(listener.closedBy).toBe(4_001);
    expect(listener.messages).toEqual([]);
  });

  it("what they say is not listened to, but for a ping", async () => {
    await openedQuote("said");
    const listener = await listenTo("said", "buyer");
    listener.socket.send("ping");
    listener.socket.send('{"command": "accept"}');
    await expect.poll(() => listener.said).toEqual(["pong"]);
    expect((await quoteObject("said").read())?.version).toBe(1);
    expect(listener.closedBy()).toBeUndefined();
  });

  it("who asks otherwise gets no socket", async () => {
    await openedQuote("unheard");
    const ask = (audience: string, headers: HeadersInit) =>
      quoteObject("unheard").fetch(`https://quote/live?audience=${audience}`, { headers });
    expect((await ask("buyer", {})).status).toBe(426);
    expect((await ask("everyone", { Upgrade: "websocket" })).status).toBe(400);
  });
});
