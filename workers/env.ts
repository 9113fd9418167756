import type { SignInSettings } from "../shared/api/sign-in.ts";
import type { Considered, ExplainQuestion } from "../shared/pricing/considered.ts";
import type { QuoteDesk } from "../shared/quoting/desk.ts";
import type { OrderTaker } from "../shared/quoting/order.ts";
import type { Head } from "../shared/snapshot/head.ts";
import type { InboxNote } from "./inbox-object.ts";
import type { QuoteStore } from "./quotes/quote-store.ts";

/** The edge's bindings. There is none to ERP records, so no mistake here can show a cost. */
export interface EdgeEnv extends SignInSettings {
  readonly SNAPSHOTS: KVNamespace;
  readonly PUBLISHED: D1Database;
  /** The control plane's object, of which the edge may only ask what is live. */
  readonly HEAD: { getByName(name: string): { current(): Promise<Head | undefined> } };
  /** The control plane's entry for full explanations, which has no other method and tells no cost. */
  readonly EXPLAINER: {
    explain(question: ExplainQuestion): Promise<(readonly Considered[] | undefined)[]>;
  };
  /** The control plane's entry for quotes, which tells margins and no cost. */
  readonly DESK: QuoteDesk;
  /** One object a quote, by its id. */
  readonly QUOTES: { getByName(quote: string): QuoteStore & Pick<Fetcher, "fetch"> };
  /** One object an addressee; see `quotes/inboxes.ts`. */
  readonly INBOXES: {
    getByName(name: string): {
      note(note: InboxNote): Promise<void>;
      quotes(addressee: string): Promise<string[]>;
    };
  };
  /** Who books orders; without it they wait. */
  readonly ORDERS?: OrderTaker;
  readonly SIGNING_SECRET: string;
  /** A head that nobody could confirm for this long is not served any more. */
  readonly HEAD_AGE_MAX_SECONDS: string;
}
