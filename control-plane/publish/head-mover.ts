import type { Head } from "../../shared/snapshot/head.ts";
import { headKey, manifestKey } from "../../shared/snapshot/keys.ts";
import type { ControlEnv } from "../env.ts";
import { headName } from "../head-object.ts";
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

  move(to: Destination): Promise<Head> {
    return this.#turns.take(() => this.#move(to));
  }

  /** Moves the head if this manifest is live still, or the head has been moved there already; else undefined. */
  moveFrom(manifest: string, to: Destination): Promise<Head | undefined> {
    return this.#turns.take(async () => {
      const live = await this.live();
      const isOther = live?.manifest !== manifest && live?.snapshot !== to.snapshot;
      return isOther ? undefined : this.#move(to);
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

  async #move(to: Destination): Promise<Head> {
    const stub = this.#env.HEAD.getByName(headName);
    const head = await stub.move({ ...to, movedAt: new Date().toISOString() });
    await this.#copy(head);
    return head;
  }

  async #copy(head: Head): Promise<void> {
    // The head comes last: where it is, the other is too.
    await this.#env.SNAPSHOTS.put(manifestKey, await readSegment(this.#env.PUBLISHED, head.manifest));
    await this.#env.SNAPSHOTS.put(headKey, JSON.stringify(head));
  }
}
