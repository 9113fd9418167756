import type { Faults } from "./faults.ts";
import type { World } from "./world.ts";

/** What runs and can die: a Durable Object's instance, or a Worker over one request. */
export class Machine {
  readonly name: string;
  readonly #world: World;
  readonly #faults: Faults;
  readonly #died = Promise.withResolvers<undefined>();
  isDead = false;

  constructor(name: string, world: World, faults: Faults) {
    this.name = name;
    this.#world = world;
    this.#faults = faults;
  }

  /** Ends it: what it waits for never comes. */
  die(): void {
    this.isDead = true;
    this.#died.resolve(undefined);
  }

  /** Does something on this machine. @throws {MachineDied} when it dies before that is done */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    const died = this.#died.promise.then((): never => {
      throw new MachineDied(this.name);
    });
    died.catch(() => undefined);
    return Promise.race([work(), died]);
  }

  /**
   * One call to something elsewhere. It takes time, may fail before or after its effect, and the machine may die
   * before or after it. `about` gives more of the call than its name.
   */
  async call<Result>(call: string, work: () => Promise<Result>, about = () => ""): Promise<Result> {
    if (this.isDead) return never();
    const fate = this.#faults.fateOf(this.name, call, about);
    if (fate === "dies") this.die();
    else await this.#world.sleep(this.#faults.latencyOf(call));
    // What was sent before the machine died may have arrived, or not.
    if (this.isDead && (fate === "dies" || this.#world.random.chance(0.5))) return never();
    if (fate === "fails") throw new StoreFailed(`${call} failed`);
    const result = await work();
    if (fate === "diesAfter") this.die();
    if (this.isDead) return never();
    if (fate === "lost") throw new StoreFailed(`The answer of ${call} was lost`);
    return result;
  }
}

/** What a dead machine waits for. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

export class MachineDied extends Error {
  override readonly name = "MachineDied";

  constructor(machine: string) {
    super(`${machine} died`);
  }
}

export class StoreFailed extends Error {
  override readonly name = "StoreFailed";
}
