import type { CompileRun } from "./compile-run.ts";
import type { CompileMessage } from "./take-tasks.ts";

// Fewer are compiled before a queue would have delivered them.
const bucketsMin = 16;
const messagesAtOnce = 100;
const looksMax = 5;

/** One run's buckets, handed out over a queue to be compiled by several isolates at once. */
export class HandOut {
  readonly #queue: Queue<CompileMessage>;
  readonly #snapshot: string;
  readonly #run: CompileRun;
  #pendingAtLastLook: number | undefined;
  #looksWithoutProgress = 0;

  constructor(queue: Queue<CompileMessage>, snapshot: string, run: CompileRun) {
    this.#queue = queue;
    this.#snapshot = snapshot;
    this.#run = run;
  }

  /**
   * Sends what is to be sent, then looks whether results come in.
   * @returns whether to wait for them: not where there are few buckets, nor when none came for a while, since then
   * messages may be lost
   */
  async isUnderway(): Promise<boolean> {
    const { pending } = this.#run;
    if (this.#pendingAtLastLook === undefined) {
      if (pending < bucketsMin) return false;
      await this.#send();
    } else if (pending < this.#pendingAtLastLook) this.#looksWithoutProgress = 0;
    else this.#looksWithoutProgress++;
    this.#pendingAtLastLook = pending;
    return pending > 0 && this.#looksWithoutProgress < looksMax;
  }

  async #send(): Promise<void> {
    const ids = this.#run.pendingIds();
    for (let start = 0; start < ids.length; start += messagesAtOnce) {
      await this.#queue.sendBatch(
        ids.slice(start, start + messagesAtOnce).map((bucket) => ({
          body: { snapshot: this.#snapshot, bucket },
        })),
      );
    }
  }
}
