import { describe, expect, it } from "vitest";
import { Problem } from "../../shared/api/problem.ts";
import type { Head } from "../../shared/snapshot/head.ts";
import { HeadReader, type HeadSources } from "../../workers/snapshots/head-reader.ts";

const bounds = { freshMilliseconds: 1_000, staleMillisecondsMax: 60_000 };

function head(number: number, through = number): Head {
  return {
    number,
    snapshot: `s${number}`,
    sequence: through,
    through,
    manifest: "m",
    movedAt: "2026-01-01T00:00:00Z",
  };
}

/** Sources whose answers a test sets, with a record of who was asked. */
function sources(copy: Head | undefined | Error, authority: Head | undefined | Error = copy) {
  const asked: string[] = [];
  const answer = (name: string, value: Head | undefined | Error) => {
    asked.push(name);
    return value instanceof Error ? Promise.reject(value) : Promise.resolve(value);
  };
  const state = { copy, authority, asked };
  const made: HeadSources = {
    copy: () => answer("copy", state.copy),
    authority: () => answer("authority", state.authority),
  };
  return { ...made, state };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
  return "none";
}

describe("the head that an isolate serves", () => {
  it("is taken from memory while it was confirmed a moment ago", async () => {
    const reader = new HeadReader(bounds);
    const from = sources(head(1));
    await reader.read(from, 0, undefined);
    from.state.copy = head(2);
    expect((await reader.read(from, 1_000, undefined)).number).toBe(1);
    expect((await reader.read(from, 1_001, undefined)).number).toBe(2);
    expect(from.state.asked).toEqual(["copy", "copy"]);
  });

  it("never goes back when KV answers with an older copy", async () => {
    const reader = new HeadReader(bounds);
    const from = sources(head(2));
    await reader.read(from, 0, undefined);
    from.state.copy = head(1);
    expect((await reader.read(from, 5_000, undefined)).number).toBe(2);
  });

  it("is asked from the authority when a token wants a newer one than KV has", async () => {
    const reader = new HeadReader(bounds);
    const from = sources(head(1), head(2));
    const got = await reader.read(from, 0, { number: 2, through: 0 });
    expect(got.number).toBe(2);
    expect(from.state.asked).toEqual(["copy", "authority"]);
  });

  it("without the token would be the past: the anomaly that tokens are there for", async () => {
    const got = await new HeadReader(bounds).read(sources(head(1), head(2)), 0, undefined);
    expect(got.number).toBe(1);
  });

  it("is refused as not ready when the authority has none as fresh either", async () => {
    const wanted = { number: 0, through: 7 };
    expect(await codeOf(new HeadReader(bounds).read(sources(head(3, 6)), 0, wanted))).toBe("not_ready");
  });

  it("stays fresh enough for a sequence that was live before a roll-back", async () => {
    const rolledBack: Head = { ...head(4), sequence: 2, through: 9 };
    const got = await new HeadReader(bounds).read(sources(rolledBack), 0, { number: 0, through: 9 });
    expect(got).toBe(rolledBack);
  });

  it("comes from the authority when KV fails or has nothing", async () => {
    expect(
      (await new HeadReader(bounds).read(sources(new Error("down"), head(1)), 0, undefined)).number,
    ).toBe(1);
    expect((await new HeadReader(bounds).read(sources(undefined, head(1)), 0, undefined)).number).toBe(1);
  });

  it("is served unconfirmed up to the bound, and refused past it", async () => {
    const reader = new HeadReader(bounds);
    const from = sources(head(1));
    await reader.read(from, 0, undefined);
    from.state.copy = new Error("down");
    from.state.authority = new Error("down");
    expect((await reader.read(from, 60_000, undefined)).number).toBe(1);
    expect(await codeOf(reader.read(from, 60_001, undefined))).toBe("stale_snapshot");
  });

  it("does not exist before the first snapshot", async () => {
    expect(await codeOf(new HeadReader(bounds).read(sources(undefined), 0, undefined))).toBe(
      "snapshot_unavailable",
    );
  });
});
