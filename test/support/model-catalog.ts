/** A record as the model sees it. */
export interface ModelLine {
  readonly key: string;
  readonly op: "upsert" | "delete";
  readonly rev?: number | undefined;
  readonly refs: readonly string[];
  readonly body: string;
}

type Outcome = "applied" | "unchanged" | "stale" | "invalid" | "parked";

/**
 * What intake promises, said the slow way: lines are taken one by one, over plain maps. Whether a reference
 * exists is the only thing that is asked of a whole batch.
 */
export class ModelCatalog {
  readonly stored = new Map<string, { rev: number | undefined; body: string | null }>();
  readonly parked = new Map<string, ModelLine>();

  push(lines: readonly ModelLine[]): Record<Outcome, number> {
    const waiting = [...this.parked.values()];
    const known = this.#knownAfter([...waiting, ...lines]);
    const isReady = (line: ModelLine) => line.op === "delete" || line.refs.every((ref) => known.has(ref));
    for (const line of waiting) {
      this.parked.delete(line.key);
      this.#take(line, isReady(line));
    }
    const counts = { applied: 0, unchanged: 0, stale: 0, invalid: 0, parked: 0 };
    for (const line of lines) counts[this.#take(line, isReady(line))]++;
    return counts;
  }

  #knownAfter(lines: readonly ModelLine[]): Set<string> {
    const known = new Set(this.stored.keys());
    for (let size = -1; size !== known.size;) {
      size = known.size;
      for (const { key, op, rev, refs } of lines) {
        if (op === "delete" ? rev !== undefined : refs.every((ref) => known.has(ref))) known.add(key);
      }
    }
    return known;
  }

  #take(line: ModelLine, ready: boolean): Outcome {
    const before = this.stored.get(line.key);
    const parked = this.parked.get(line.key);
    const body = line.op === "delete" ? null : line.body;
    if (line.rev !== undefined && before?.rev !== undefined) {
      if (line.rev < before.rev) return "stale";
      if (line.rev === before.rev) return body === before.body ? "unchanged" : "invalid";
    }
    const olderThanParked = line.rev !== undefined && parked?.rev !== undefined && line.rev < parked.rev;
    if (!ready) {
      if (olderThanParked) return "stale";
      this.parked.set(line.key, line);
      return "parked";
    }
    if (!olderThanParked) this.parked.delete(line.key);
    if (before === undefined && body === null && line.rev === undefined) return "unchanged";
    this.stored.set(line.key, { rev: line.rev ?? before?.rev, body });
    return before !== undefined && before.body === body ? "unchanged" : "applied";
  }
}
