import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { Problem } from "../../shared/api/problem.ts";
import { contentHash } from "../../shared/snapshot/hash.ts";
import { segmentKey } from "../../shared/snapshot/keys.ts";
import { encodePages } from "../../shared/snapshot/page-segment.ts";
import { writeSegments } from "../../control-plane/publish/segment-store.ts";
import { d1Store } from "../../workers/snapshots/d1-store.ts";
import { kvStore } from "../../workers/snapshots/kv-store.ts";
import { layeredStore } from "../../workers/snapshots/layered-store.ts";
import { memoryStore } from "../../workers/snapshots/memory-store.ts";
import { SegmentCache } from "../../workers/snapshots/segment-cache.ts";
import type { SegmentStore } from "../../workers/snapshots/segment-store.ts";

const small = encodePages("products", new Map([["A1", "small"]]));
const large = encodePages("products", new Map([["A1", "x".repeat(1_200_000)]]));
const huge = encodePages("products", new Map([["A1", "y".repeat(3_000_000)]]));
const absent = encodePages("products", new Map([["A1", "absent"]]));
const damaged = encodePages("products", new Map([["A1", "damaged"]]));
const bytes = new Map([
  [small.hash, small.bytes],
  [large.hash, large.bytes],
  [huge.hash, huge.bytes],
]);

beforeAll(async () => {
  await writeSegments(env.PUBLISHED, [small, large, huge], () => undefined);
  for (const { hash, bytes: value } of [small, large, huge]) await env.SNAPSHOTS.put(segmentKey(hash), value);
  await env.SNAPSHOTS.put(segmentKey(damaged.hash), "other bytes");
  await env.PUBLISHED.prepare("INSERT INTO segments (hash, bytes) VALUES (?, ?)")
    .bind(damaged.hash, new TextEncoder().encode("other bytes"))
    .run();
});

const failing: SegmentStore = { name: "failing", get: () => Promise.reject(new Error("down")) };

const stores: [string, () => SegmentStore][] = [
  ["kv", () => kvStore(env.SNAPSHOTS)],
  ["d1", () => d1Store(env.PUBLISHED)],
  ["memory", () => memoryStore(bytes)],
  ["layered, the first empty", () => layeredStore([memoryStore(new Map()), d1Store(env.PUBLISHED)])],
  ["layered, the first failing", () => layeredStore([failing, kvStore(env.SNAPSHOTS)])],
];

describe.each(stores)("the segment store %s", (_name, store) => {
  it.each([
    ["small", small],
    ["over a megabyte", large],
    ["over what a row of the database holds", huge],
  ])("gives back the bytes of a segment, %s", async (_size, segment) => {
    const got = await store().get(segment.hash);
    expect(got === undefined ? undefined : contentHash(got)).toBe(segment.hash);
  });

  it("says that it does not have a segment", async () => {
    if (store().name.includes("failing")) return;
    expect(await store().get(absent.hash)).toBeUndefined();
  });

  it("takes bytes that do not have the hash for missing", async () => {
    if (store().name.includes("failing")) return;
    expect(await store().get(damaged.hash)).toBeUndefined();
  });
});

describe("layered stores", () => {
  it("can't tell when the only store that may have it fails", async () => {
    await expect(layeredStore([memoryStore(new Map()), failing]).get(absent.hash)).rejects.toThrow("down");
  });
});

describe("the segment cache", () => {
  const counted = (store: SegmentStore) => {
    const asked: string[] = [];
    return { asked, store: { name: "counted", get: (hash: string) => (asked.push(hash), store.get(hash)) } };
  };

  it("asks the store once for a segment that it can keep", async () => {
    const { asked, store } = counted(memoryStore(bytes));
    const cache = new SegmentCache(small.bytes.length);
    await cache.reader(store).products(small.hash);
    await cache.reader(store).products(small.hash);
    expect(asked).toEqual([small.hash]);
    expect(cache.bytes).toBe(small.bytes.length);
  });

  it("asks the store once when many lines of a request need a segment at once", async () => {
    const { asked, store } = counted(memoryStore(bytes));
    const reader = new SegmentCache(1e6).reader(store);
    await Promise.all(Array.from({ length: 500 }, async () => reader.products(small.hash)));
    expect(asked).toEqual([small.hash]);
  });

  it("stays within its bytes by dropping the segment that was not used for longest", async () => {
    const parts = ["a", "b", "c"].map((text) => encodePages("products", new Map([["A1", text]])));
    const { asked, store } = counted(memoryStore(new Map(parts.map((part) => [part.hash, part.bytes]))));
    const [a, b, c] = parts.map(({ hash }) => hash);
    const cache = new SegmentCache(2 * (parts[0]?.bytes.length ?? 0));
    for (const hash of [a, b, a, c, a, b]) await cache.reader(store).products(hash ?? "");
    expect(asked).toEqual([a, b, c, b]);
  });

  it.each([
    ["is nowhere", memoryStore(new Map())],
    ["can't be read", failing],
    ["is of another kind", memoryStore(new Map([[absent.hash, encodePages("customers", new Map()).bytes]]))],
  ])("refuses to answer when a segment %s", async (_why, store) => {
    await expect(new SegmentCache(1e6).reader(store).products(absent.hash)).rejects.toThrow(Problem);
  });
});
