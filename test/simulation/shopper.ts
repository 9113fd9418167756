import { signToken, readToken, type Freshness } from "../../shared/snapshot/token.ts";
import { listed, ring } from "./company.ts";
import { secret } from "./control-plane.ts";
import type { Edge } from "./edge.ts";
import type { History } from "./history.ts";
import type { World } from "./world.ts";

/** Somebody who asks for prices at one edge and another, and remembers the newest that was seen. */
export class Shopper {
  readonly #world: World;
  readonly #edges: readonly Edge[];
  readonly #history: History;
  /** Without it nobody is told what was seen before: as it would be if there were no tokens. */
  readonly #tells: boolean;
  #known: Freshness = { number: 0, through: 0 };
  #token: Freshness = { number: 0, through: 0 };

  constructor(world: World, edges: readonly Edge[], history: History, tells: boolean) {
    this.#world = world;
    this.#edges = edges;
    this.#history = history;
    this.#tells = tells;
  }

  /** Learns of something that was done, by the token for it; `what` it was is known beside, if the token tells less. */
  learn(token: string, what?: Freshness): void {
    const read = readToken(token, secret);
    if (read === undefined) throw new Error(`Nobody signed the token ${token}`);
    this.#token = newest(this.#token, read);
    this.#known = newest(this.#known, what ?? read);
  }

  async ask(edge: Edge = this.#world.random.pick(this.#edges)): Promise<void> {
    const { random } = this.#world;
    const [customer, skus] = random.pick(baskets);
    const lines = skus.map((sku) => ({ sku, quantity: String(random.between(1, 2)), unit: undefined }));
    const known = this.#known;
    // Chosen in any case, so that the same happens whether or not anybody tells.
    const isOneWhoTells = random.chance(0.8);
    const isTold = this.#tells && isOneWhoTells && (known.number > 0 || known.through > 0);
    const reply = await edge.ask(customer, lines, isTold ? signToken(this.#token, secret) : undefined);
    this.#history.asked.push({ edge: edge.place, customer, lines, known, isTold, reply });
    if (reply.kind === "answered") this.learn(reply.token);
  }
}

function newest(one: Freshness, other: Freshness): Freshness {
  return { number: Math.max(one.number, other.number), through: Math.max(one.through, other.through) };
}

const baskets: readonly (readonly [customer: string, skus: readonly string[]])[] = [
  ["ANY", ring],
  ["ANY", [...ring, "TOOL", "DATED"]],
  ["LISTED", listed],
  ["OWN", ["DEAL", "TOOL"]],
  ["OWN", ["DEAL", ...ring]],
  ["ANY", ["DEAL", "LISTED-0"]],
  ["ANY", ["DATED", "WIDE-3", "NOWHERE"]],
];
