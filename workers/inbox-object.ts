import { DurableObject } from "cloudflare:workers";
import type { EdgeEnv } from "./env.ts";
import { addressedQuotes } from "./queries/addressed-quotes.ts";
import { InboxContents } from "./quotes/inbox-contents.ts";

/** What became of a quote, for one whom it waits for or waited for. */
export interface InboxNote {
  /** `person/` or `role/` and the id. */
  readonly addressee: string;
  readonly quote: string;
  readonly version: number;
  /** Whether the quote waits for them now. */
  readonly isAsked: boolean;
}

/**
 * The inbox of one addressee: which quotes wait for them. It guarantees nothing that the quotes don't: it is told by
 * them, an older message never undoes a later one, and one that was lost or emptied is made again from their list.
 */
export class InboxObject extends DurableObject<EdgeEnv> {
  readonly #contents: InboxContents;
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(context: DurableObjectState, env: EdgeEnv) {
    super(context, env);
    // Its own state, and none of the bindings: it writes on whatever it gets.
    this.#contents = new InboxContents({ storage: context.storage }, {});
  }

  async note({ addressee, quote, version, isAsked }: InboxNote): Promise<void> {
    await this.#turn(async () => {
      await this.#load(addressee);
      this.#contents.note(quote, { version, isAsked });
      this.#contents.tidy();
      await this.#contents.persist();
    });
  }

  /** The ids of the quotes that wait for the addressee. */
  async quotes(addressee: string): Promise<string[]> {
    return this.#turn(async () => {
      await this.#load(addressee);
      return this.#contents.quotes();
    });
  }

  async #load(addressee: string): Promise<void> {
    await this.#contents.loadFromStorage();
    if (this.#contents.isMade) return;
    for (const { quote, version } of await addressedQuotes(this.env.PUBLISHED, addressee)) {
      this.#contents.note(quote, { version, isAsked: true });
    }
    this.#contents.isMade = true;
    await this.#contents.persist();
  }

  // One after another: what is read from D1 must not come after what was told meanwhile.
  #turn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#lastTurn.then(work);
    // Who waits for its own turn needs no word of another's failure.
    this.#lastTurn = done.catch(() => undefined);
    return done;
  }
}
