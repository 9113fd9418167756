import { log } from "../../shared/api/log.ts";
import type { Head } from "../../shared/snapshot/head.ts";
import { headKey, manifestKey } from "../../shared/snapshot/keys.ts";
import type { ControlEnv } from "../env.ts";
import { headName, type MoveCondition } from "../head-object.ts";
import { readSegment } from "./segment-store.ts";
import { Turns } from "./turns.ts";

/** A snapshot that is to be live. */
export type Destination = Pick<Head, "snapshot" | "sequence" | "manifest">;

/**
 * Moves the head and copies it to KV, one move at a time with its copy: else an older head could be the last one
 * written.
 */
export class HeadMover {
  readonly #env: ControlEnv;
  readonly #turns = new Turns();

  constructor(env: ControlEnv) {
    this.#env = env;
  }

  async live(): Promise<Head | undefined> {
    return (await this.#env.HEAD.getByName(headName).current()) ?? undefined;
  }

  /**
   * Makes a snapshot live, be it again. What the head says has happened, also where the copy is still due: KV refuses
   * a second write of a key within a second.
   */
  activate(to: Destination): Promise<{ readonly head: Head; readonly isCopied: boolean }> {
    return this.#turns.take(async () => {
      const head = await this.#move(to, { once: false });
      if (head === undefined) throw new Error("A head without a condition has to move");
      try {
        await this.#copy(head);
        return { head, isCopied: true };
      } catch (error) {
        log("head_not_copied", { head: head.number, error });
        return { head, isCopied: false };
      }
    });
  }

  /**
   * Makes a new snapshot live, unless it was before: the step may be tried again after it moved the head, and after
   * somebody went back to another snapshot. Undefined if another manifest than `judged` is live.
   */
  publish(to: Destination, judged: string | undefined): Promise<Head | undefined> {
    return this.#turns.take(async () => {
      const head = await this.#move(to, { once: true, from: judged });
      if (head !== undefined) await this.#copy(head);
      return head;
    });
  }

  /** Copies the live head to KV again where that is another: the copy may have failed when the head moved. */
  repairCopy(): Promise<Head | undefined> {
    return this.#turns.take(async () => {
      const head = await this.live();
      if (head === undefined) return undefined;
      const copy = await this.#env.SNAPSHOTS.get<Head>(headKey, "json");
      if (copy?.number !== head.number) await this.#copy(head);
      return head;
    });
  }

  async #move(to: Destination, condition: MoveCondition): Promise<Head | undefined> {
    const stub = this.#env.HEAD.getByName(headName);
    return (await stub.move({ ...to, movedAt: new Date().toISOString() }, condition)) ?? undefined;
  }

  async #copy(head: Head): Promise<void> {
    // The head comes last: where it is, the other is too.
    await this.#env.SNAPSHOTS.put(manifestKey, await readSegment(this.#env.PUBLISHED, head.manifest));
    await this.#env.SNAPSHOTS.put(headKey, JSON.stringify(head));
  }
}
