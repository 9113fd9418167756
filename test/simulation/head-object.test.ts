import { describe, expect, it } from "vitest";
import type { ControlEnv } from "../../control-plane/env.ts";
import { HeadObject } from "../../control-plane/head-object.ts";
import { SqliteStorage } from "./sqlite-storage.ts";

function newHead(): HeadObject {
  const state = { storage: new SqliteStorage() };
  return new HeadObject(state as unknown as DurableObjectState, {} as ControlEnv); // All that it uses of them.
}

const to = (snapshot: string) => ({ snapshot, sequence: 1, manifest: `of ${snapshot}`, movedAt: "" });

describe("the head: it promises that…", () => {
  it("a publish makes its snapshot live once, however often its last step is tried", () => {
    const head = newHead();
    head.move(to("a"), { once: true });
    head.move(to("b"), { once: true });
    expect(head.move(to("b"), { once: true })).toMatchObject({ number: 2, snapshot: "b" });
    expect(head.move(to("a"), { once: false })).toMatchObject({ number: 3, snapshot: "a" });
    expect(head.move(to("b"), { once: true })).toMatchObject({ number: 3, snapshot: "a" });
    expect(head.move(to("b"), { once: false })).toMatchObject({ number: 4, snapshot: "b" });
  });

  it("it moves from what was judged to the next, and not from another", () => {
    const head = newHead();
    head.move(to("a"), { once: true });
    expect(head.move(to("c"), { once: true, from: "of b" })).toBeUndefined();
    expect(head.move(to("c"), { once: true, from: "of a" })).toMatchObject({ number: 2, snapshot: "c" });
    expect(head.move(to("c"), { once: true, from: "of a" })).toMatchObject({ number: 2, snapshot: "c" });
  });
});
