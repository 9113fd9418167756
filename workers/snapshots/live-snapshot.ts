import { log } from "../../shared/api/log.ts";
import { Problem } from "../../shared/api/problem.ts";
import type { Head } from "../../shared/snapshot/head.ts";
import type { Manifest } from "../../shared/snapshot/manifest.ts";
import { whenOpen, type Opened, type SegmentReader } from "../../shared/snapshot/placed.ts";
import type { AnswerMemory } from "../../shared/snapshot/price-lines.ts";
import type { SnapshotContents } from "../../shared/snapshot/shard-pages.ts";
import { signToken, type Freshness } from "../../shared/snapshot/token.ts";
import type { EdgeEnv } from "../env.ts";
import { AnswerMemories } from "./answer-memory.ts";
import { d1Store } from "./d1-store.ts";
import { HeadReader, readHeadCopy, readManifestCopy } from "./head-reader.ts";
import { kvStore } from "./kv-store.ts";
import { layeredStore } from "./layered-store.ts";
import { SegmentCache, SegmentMissing } from "./segment-cache.ts";
import type { SegmentStore } from "./segment-store.ts";

// Prices are searched where their bytes are; pages take a few times their bytes once they were asked for. An isolate
// has 128 MB for everything.
const cacheBytesMax = 32 * 1024 * 1024;
const headFreshMilliseconds = 1_000;

// An isolate's memory: it serves many requests, and every one of them may read the same segments.
const cache = new SegmentCache(cacheBytesMax);
const answers = new AnswerMemories();
let heads: HeadReader | undefined;

export interface OpenSnapshot {
  readonly head: Head;
  /** Asks for this snapshot or a newer one. */
  readonly token: string;
  readonly manifest: Manifest;
  readonly reader: SegmentReader;
  readonly memory: AnswerMemory;
}

/**
 * The snapshot to answer a request from, at least as fresh as wanted.
 * @throws {Problem} as `HeadReader.read` does, and `snapshot_unavailable` when its manifest can't be had
 */
export function openSnapshot(env: EdgeEnv, now: number, wanted: Freshness | undefined): Opened<OpenSnapshot> {
  return whenOpen(heads?.known(now, wanted) ?? readHead(env, now, wanted), (head) => {
    const reader = readerOf(env);
    return whenOpen(reader.manifest(head.manifest), (manifest) => ({
      head,
      token: tokenOf(head, env),
      manifest,
      reader,
      memory: answers.ofSnapshot(manifest),
    }));
  });
}

/**
 * Begins to read what every answer needs, where this isolate has read nothing yet; undefined where it has. Never
 * rejects: what goes wrong here meets the answer again.
 */
export function warmUp(env: EdgeEnv): Promise<void> | undefined {
  if (heads !== undefined && !heads.isCold) return undefined;
  return readAhead(env);
}

async function readAhead(env: EdgeEnv): Promise<void> {
  const head = readHead(env, Date.now(), undefined);
  const copy = readManifestCopy(env.SNAPSHOTS);
  const results = await Promise.allSettled([head, copy]);
  const [, manifest] = results;
  if (manifest.status === "fulfilled" && manifest.value !== undefined) cache.offerManifest(manifest.value);
  for (const result of results) {
    if (result.status === "rejected") log("not_read_ahead", { error: result.reason });
  }
}

function readHead(env: EdgeEnv, now: number, wanted: Freshness | undefined): Promise<Head> {
  heads ??= new HeadReader({
    freshMilliseconds: headFreshMilliseconds,
    staleMillisecondsMax: headAgeMax(env) * 1000,
  });
  const sources = {
    copy: () => readHeadCopy(env.SNAPSHOTS),
    authority: async () => (await env.HEAD.getByName("head").current()) ?? undefined,
  };
  return heads.read(sources, now, wanted);
}

/**
 * A snapshot that was live once.
 * @throws {Problem} `cursor_expired`, now or when it is read, if it is not kept any more
 */
export async function openPast(env: EdgeEnv, manifest: string): Promise<SnapshotContents> {
  const reader = readerOf(env);
  return {
    manifest: await kept(reader.manifest(manifest)),
    reader: {
      prices: (hash) => kept(reader.prices(hash)),
      products: (hash) => kept(reader.products(hash)),
      customers: (hash) => kept(reader.customers(hash)),
    },
  };
}

async function kept<Read>(read: Opened<Read>): Promise<Read> {
  try {
    return await read;
  } catch (error) {
    throw error instanceof SegmentMissing ? new Problem("cursor_expired", { cause: error }) : error;
  }
}

function readerOf(env: EdgeEnv): ReturnType<SegmentCache["reader"]> {
  return cache.reader(storeOf(env));
}

const stores = new WeakMap<EdgeEnv, SegmentStore>();

function storeOf(env: EdgeEnv): SegmentStore {
  const known = stores.get(env);
  if (known !== undefined) return known;
  const store = layeredStore([kvStore(env.SNAPSHOTS), d1Store(env.PUBLISHED)]);
  stores.set(env, store);
  return store;
}

// One head serves many answers, and signing takes as long as finding a price.
const tokens = new WeakMap<Head, string>();

function tokenOf(head: Head, { SIGNING_SECRET }: EdgeEnv): string {
  const known = tokens.get(head);
  if (known !== undefined) return known;
  const token = signToken({ number: head.number, through: head.through }, SIGNING_SECRET);
  tokens.set(head, token);
  return token;
}

function headAgeMax({ HEAD_AGE_MAX_SECONDS: text }: EdgeEnv): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Error(`HEAD_AGE_MAX_SECONDS must be a number of seconds: it is ${text}`);
}
