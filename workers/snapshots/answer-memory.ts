import type { AnsweredLine, AskedLine } from "../../shared/snapshot/line-answer.ts";
import type { Manifest } from "../../shared/snapshot/manifest.ts";
import type { CustomerPage } from "../../shared/snapshot/page.ts";
import type { AnswerMemory, LineMemory } from "../../shared/snapshot/price-lines.ts";

// An answer takes about a kilobyte with its text, and a company has one product far oftener than two quantities of it.
const answersMax = 16_000;
const answersPerSkuMax = 8;

/**
 * The answers of an isolate, by snapshot and by customer's page, so that a line that is asked again is not worked out
 * again. Nothing of it outlives the snapshot: another manifest begins with none.
 */
export class AnswerMemories {
  readonly #answersMax: number;
  #manifest: Manifest | undefined;
  #pages = new WeakMap<CustomerPage, Map<string, PageMemory>>();
  #answers = 0;

  constructor(max = answersMax) {
    this.#answersMax = max;
  }

  /** What is remembered of this snapshot; what was of another is forgotten. */
  ofSnapshot(manifest: Manifest): AnswerMemory {
    if (this.#manifest !== manifest) this.#forget(manifest);
    return {
      of: (page, channel, currency) => {
        if (this.#answers > this.#answersMax || this.#manifest !== manifest) this.#forget(manifest);
        return this.#pageMemory(page, channel === undefined ? currency : `${currency}/${channel}`);
      },
    };
  }

  #forget(manifest: Manifest): void {
    this.#manifest = manifest;
    this.#pages = new WeakMap();
    this.#answers = 0;
  }

  #pageMemory(page: CustomerPage, place: string): LineMemory {
    const places = this.#pages.get(page) ?? new Map<string, PageMemory>();
    this.#pages.set(page, places);
    const memory = places.get(place) ?? new PageMemory(() => this.#answers++);
    places.set(place, memory);
    return memory;
  }
}

class PageMemory implements LineMemory {
  readonly #bySku = new Map<string, AnsweredLine[]>();
  readonly #count: () => void;

  constructor(count: () => void) {
    this.#count = count;
  }

  find({ sku, quantity, unit }: AskedLine): AnsweredLine | undefined {
    const known = this.#bySku.get(sku);
    if (known === undefined) return undefined;
    for (const answer of known) {
      if (answer.asked.quantity === quantity && answer.asked.unit === unit) return answer;
    }
    return undefined;
  }

  keep(answered: AnsweredLine): void {
    const { sku, quantity, unit } = answered.asked;
    const known = this.#bySku.get(sku);
    if (known === undefined) this.#bySku.set(sku, [answered]);
    else {
      // One whose time has passed makes room for the one that holds now.
      const old = known.findIndex(({ asked }) => asked.quantity === quantity && asked.unit === unit);
      if (old !== -1) known.splice(old, 1);
      else if (known.length === answersPerSkuMax) known.shift();
      known.push(answered);
    }
    this.#count();
  }
}
