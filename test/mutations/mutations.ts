/** A small breakage of the source, and the test that must not pass with it. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  readonly killedBy: string;
}

const simulation = "test/simulation/simulation.test.ts";
const compiled = "test/pricing/compiled.test.ts";
const headReader = "test/snapshot/head-reader.test.ts";
const validity = "test/pricing/validity.test.ts";
const exactPath = "test/pricing/exact-path.test.ts";

/** By what breaks: snapshots, tokens, intake, compiling, numbers, time, freshness, bounds. */
export const mutations: readonly Mutation[] = [
  {
    name: "a snapshot goes live before its segments are in KV",
    file: "control-plane/publisher-object.ts",
    find: 'phase: "copy", manifest, failures: 0',
    replace: 'phase: "move", manifest, failures: 0',
    killedBy: simulation,
  },
  {
    name: "a snapshot goes live whatever the store of record lacks",
    file: "control-plane/publish/segment-store.ts",
    find: "if (missing.length > 0) {",
    replace: "if (missing.length > namesPerStatement) {",
    killedBy: simulation,
  },
  {
    name: "a publish that is tried again goes live again",
    file: "control-plane/head-object.ts",
    find: "(once && this.#wasLive(to.snapshot))",
    replace: "(once && false)",
    killedBy: simulation,
  },
  {
    name: "a change that the publisher was not told of is not published",
    file: "control-plane/publisher-object.ts",
    find: "if (sequence > (head?.through ?? 0)) await this.recordsApplied(sequence);",
    replace: "",
    killedBy: simulation,
  },
  {
    name: "answers outlive their snapshot",
    file: "workers/snapshots/answer-memory.ts",
    find: "    this.#pages = new WeakMap();\n",
    replace: "",
    killedBy: simulation,
  },
  {
    name: "answers are remembered without their customer",
    file: "workers/snapshots/answer-memory.ts",
    find: "return this.#pageMemory(page, channel",
    replace: "return this.#pageMemory(manifest, channel",
    killedBy: simulation,
  },
  {
    name: "a segment that can't be had has no prices",
    file: "shared/snapshot/placed.ts",
    find: "segment.then((opened) => ({ ...layer, segment: opened }))",
    replace:
      "segment.catch(() => ({ find: () => undefined })).then((opened) => ({ ...layer, segment: opened }))",
    killedBy: simulation,
  },
  {
    name: "KV's bytes are taken as they come",
    file: "workers/snapshots/kv-store.ts",
    find: "return contentHash(bytes) === hash ? bytes : undefined;",
    replace: "return bytes;",
    killedBy: simulation,
  },
  {
    name: "the database's bytes are taken as they come",
    file: "workers/snapshots/d1-store.ts",
    find: "return contentHash(bytes) === hash ? bytes : undefined;",
    replace: "return bytes;",
    killedBy: simulation,
  },
  {
    name: "tokens are compared the wrong way round",
    file: "shared/snapshot/token.ts",
    find: "return head.number >= wanted.number && head.through >= wanted.through;",
    replace: "return head.number <= wanted.number && head.through <= wanted.through;",
    killedBy: simulation,
  },
  {
    name: "tokens do not ask for a sequence",
    file: "shared/snapshot/token.ts",
    find: " && head.through >= wanted.through",
    replace: "",
    killedBy: simulation,
  },
  {
    name: "a batch's token is of the batch before",
    file: "control-plane/routes/answers.ts",
    find: "signToken({ number: 0, through: sequence }",
    replace: "signToken({ number: 0, through: sequence - 1 }",
    killedBy: simulation,
  },
  {
    name: "an edge goes back to an older head",
    file: "workers/snapshots/head-reader.ts",
    find: "this.#head === undefined || head.number > this.#head.number",
    replace: "true",
    killedBy: headReader,
  },
  {
    name: "the head's object is not asked for a newer head",
    file: "workers/snapshots/head-reader.ts",
    find: 'await this.#ask("authority", sources, now);\n    }\n    if (this.#head === undefined) {',
    replace: "}\n    if (this.#head === undefined) {",
    killedBy: headReader,
  },
  {
    name: "a head is served however long nobody confirmed it",
    file: "workers/snapshots/head-reader.ts",
    find: "if (now - this.#confirmedAt > this.#bounds.staleMillisecondsMax) {",
    replace: "if (now < 0) {",
    killedBy: simulation,
  },
  {
    name: "a repeated request is carried out again",
    file: "control-plane/ingest/reservation.ts",
    find: "idempotency_key = ?2 AND state = 'receiving' AND lease_until <= ?3",
    replace: "idempotency_key = ?2 AND ?3 > 0",
    killedBy: simulation,
  },
  {
    name: "an older rev is applied",
    file: "control-plane/ingest/apply/judge.ts",
    find: "WHEN line.rev_order < ${state.revOrder} THEN 'stale'",
    replace: "WHEN line.rev_order < ${state.revOrder} THEN 'applied'",
    killedBy: simulation,
  },
  {
    name: "a complete set is seen before its commit",
    file: "control-plane/ingest/take-records.ts",
    find: "if (sweep === undefined) return applyBatch",
    replace: "if (batch > 0) return applyBatch",
    killedBy: simulation,
  },
  {
    name: "what a complete set lacks stays",
    file: "control-plane/ingest/sweep.ts",
    find: 'AND since <= ?5 AND ${within("stored")} AND ${notInSet("stored")}\n         UNION',
    replace: 'AND since < ?5 - ?5 AND ${within("stored")} AND ${notInSet("stored")}\n         UNION',
    killedBy: simulation,
  },
  {
    name: "stale lines are not counted",
    file: "control-plane/ingest/apply/answer.ts",
    find: "'stale', ${is(\"stale\")}",
    replace: "'stale', 0",
    killedBy: simulation,
  },
  {
    name: "a parked line is not told",
    file: "control-plane/ingest/apply/answer.ts",
    find: "line > 0 AND (outcome = 'parked' OR ${isInvalid})\n    ORDER",
    replace: "line > 0 AND ${isInvalid}\n    ORDER",
    killedBy: simulation,
  },
  {
    name: "what waits is never let in",
    file: "control-plane/ingest/apply/pull-parked.ts",
    find: "JOIN parked ON parked.waits_type = pulled.type AND parked.waits_id = pulled.id",
    replace: "JOIN parked ON parked.waits_type = pulled.type AND parked.waits_id = pulled.id AND FALSE",
    killedBy: simulation,
  },
  {
    name: "buckets are in the order of their compiling",
    file: "control-plane/compile/manifest-of.ts",
    find: "[...parts.buckets].sort(([a], [b]) => (a < b ? -1 : 1))",
    replace: "[...parts.buckets]",
    killedBy: simulation,
  },
  {
    name: "a bucket is kept though a price in it changed",
    file: "control-plane/publish/compile-run.ts",
    find: "skus.some((sku) => changed.has(sku)) ? [] : [id]",
    replace: "[id]",
    killedBy: simulation,
  },
  {
    name: "the edge's curve is another tier's",
    file: "shared/snapshot/price-segment.ts",
    find: "compareQuantities(start, asked) <= 0) low = middle;",
    replace: "compareQuantities(start, asked) < 0) low = middle;",
    killedBy: compiled,
  },
  {
    name: "a remembered answer outlives its instant",
    file: "shared/snapshot/price-lines.ts",
    find: "answer !== undefined && isValidAt(answer, at) ? answer : undefined",
    replace: "answer",
    killedBy: validity,
  },
  {
    name: "a price begins a millisecond late",
    file: "shared/snapshot/price-segment.ts",
    find: "(slices[index]?.from ?? -Infinity) > at",
    replace: "(slices[index]?.from ?? -Infinity) >= at",
    killedBy: validity,
  },
  {
    name: "an answer is said to hold for a slice more",
    file: "shared/snapshot/price-segment.ts",
    find: "until: slices[index + 1]?.from ?? null",
    replace: "until: slices[index + 2]?.from ?? null",
    killedBy: validity,
  },
  {
    name: "days are those of another zone",
    file: "shared/pricing/period.ts",
    find: "+ daysAfter, zone)",
    replace: '+ daysAfter, "UTC")',
    killedBy: validity,
  },
  {
    name: "a total is summed up from doubles",
    file: "shared/snapshot/price-lines.ts",
    find: "parseDecimal(line.lineTotal)",
    replace: "parseDecimal(Number(line.lineTotal).toLocaleString('en', { useGrouping: false }))",
    killedBy: exactPath,
  },
  {
    name: "a decimal is read as a double",
    file: "shared/pricing/fraction.ts",
    find: "numerator: BigInt(digits)",
    replace: "numerator: BigInt(Number(digits))",
    killedBy: exactPath,
  },
  {
    name: "a formula may have any number of parts",
    file: "shared/pricing/formula/parse.ts",
    find: "if (this.#nodes > nodesMax) {",
    replace: "if (this.#nodes < 0) {",
    killedBy: "test/snapshot/bounded-work.test.ts",
  },
  {
    name: "a page of changes reads without end",
    file: "workers/snapshots/collect-changes.ts",
    find: "read.size >= segmentsMax",
    replace: "read.size < 0",
    killedBy: "test/snapshot/changed-skus.test.ts",
  },
];
