import type { PublisherObject } from "../../control-plane/publisher-object.ts";
import { segmentKey } from "../../shared/snapshot/keys.ts";
import { readManifest, segmentsOf } from "../../shared/snapshot/manifest.ts";
import { signToken } from "../../shared/snapshot/token.ts";
import { secret, type ControlPlane } from "./control-plane.ts";
import type { History } from "./history.ts";
import type { World } from "./world.ts";

/** Who publishes by hand and goes back to older snapshots; and the clock, which calls on the publisher as well. */
export class Manager {
  readonly #world: World;
  readonly #control: ControlPlane;
  readonly #history: History;
  #underway = 0;

  constructor(world: World, control: ControlPlane, history: History) {
    this.#world = world;
    this.#control = control;
    this.#history = history;
  }

  get isIdle(): boolean {
    return this.#underway === 0 && this.#control.publisher.isIdle;
  }

  /** Publishes what there is, and waits a while until that is live. Returns the live snapshot's token, if it is. */
  async publish(): Promise<string | undefined> {
    const hold = this.#world.random.chance(0.2);
    const id = await this.#asked((publisher) => publisher.publish({ note: undefined, hold }));
    if (id === undefined || hold) return undefined;
    for (let looks = 0; looks < 25; looks++) {
      const head = this.#control.head.current();
      if (head?.snapshot === id) return signToken({ number: head.number, through: head.sequence }, secret);
      await this.#world.sleep(1_000);
    }
    return undefined;
  }

  /** Makes a snapshot live that was made before. */
  async goBack(): Promise<void> {
    const rows = this.#control.published.prepare("SELECT id FROM snapshots WHERE status = 'complete'").all();
    if (rows.length === 0) return;
    const id = String(this.#world.random.pick(rows)["id"]);
    this.#history.activations.push(id);
    await this.#asked((publisher) => publisher.activate(id));
  }

  /** Loses a segment of the live snapshot in the store of record. */
  loseSegment(): void {
    const { head, kv, published } = this.#control;
    const manifest = kv.newest(segmentKey(head.current()?.manifest ?? ""));
    if (!(manifest instanceof Uint8Array)) return;
    const hash = this.#world.random.pick([...segmentsOf(readManifest(manifest))]);
    published.prepare("DELETE FROM segments WHERE hash = ?").run(hash);
  }

  catchUp(): Promise<void> {
    return this.#asked((publisher) => publisher.catchUp()).then(() => undefined);
  }

  async #asked<Result>(work: (publisher: PublisherObject) => Promise<Result>): Promise<Result | undefined> {
    this.#underway++;
    try {
      return await this.#control.publisher.run(work);
    } catch {
      return undefined; // Who asks is told that it failed, and the next one asks again.
    } finally {
      this.#underway--;
    }
  }
}
