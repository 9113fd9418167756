import type { PricingRecord } from "../../shared/pricing/records.ts";
import type { Answer, Question } from "../../shared/pricing/question.ts";
import { referencePrice } from "../../shared/pricing/reference/reference-price.ts";
import type { Head } from "../../shared/snapshot/head.ts";
import type { ControlPlane } from "./control-plane.ts";

/** What is in the stores of record after a simulation: what was seen from outside is held against it. */
export class Truth {
  readonly heads: readonly Head[];
  readonly sequence: number;
  readonly #control: ControlPlane;
  readonly #records = new Map<number, readonly PricingRecord[]>();

  constructor(control: ControlPlane) {
    this.#control = control;
    this.heads = control.head.headsFrom(1, 1_000_000);
    this.sequence = Number(this.rows("SELECT sequence FROM catalog_state")[0]?.["sequence"]);
  }

  /** Rows of the catalogue. */
  rows(sql: string, ...values: (string | number)[]): Record<string, unknown>[] {
    return this.#control.catalog.prepare(sql).all(...values);
  }

  recordsAt(sequence: number): readonly PricingRecord[] {
    const known = this.#records.get(sequence);
    if (known !== undefined) return known;
    const records = this.rows(
      `SELECT type, id, body FROM records
       WHERE since <= ?1 AND (until IS NULL OR until > ?1) AND deleted = 0`,
      sequence,
    ).map(({ type, id, body }) => ({ ...JSON.parse(String(body)), type, id }) as PricingRecord);
    this.#records.set(sequence, records);
    return records;
  }

  priceAt(sequence: number, question: Question): Answer {
    return referencePrice(this.recordsAt(sequence), question);
  }
}
