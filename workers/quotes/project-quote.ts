import type { LoggedEvent } from "../../shared/quoting/event.ts";
import { currentRevision, type Quote } from "../../shared/quoting/quote.ts";
import { checkpointOf } from "./checkpoint.ts";
import { settledPins } from "./pins.ts";

export interface ProjectOptions {
  /** The last event of the log, which the quote is as of. */
  readonly last: Pick<LoggedEvent, "seq" | "hash" | "at">;
  readonly secret: string;
  /** When the sweep is to look after the quote, in milliseconds since 1970. */
  readonly dueAt: number | undefined;
}

/**
 * Brings what D1 says of the quote to this version, in one transaction: its row in the lists, whom it waits for, its
 * order, the snapshots that it holds, and a checkpoint of its log. Done again, or late, it changes nothing.
 */
export async function projectQuote(published: D1Database, quote: Quote, options: ProjectOptions): Promise<void> {
  await published.batch([
    row(published, quote, options.dueAt),
    ...addressees(published, quote),
    ...order(published, quote),
    ...settledPins(published, quote),
    checkpoint(published, quote, options),
  ]);
}
