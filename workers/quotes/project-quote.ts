import { addresseeKey } from "../../shared/quoting/addressee.ts";
import { addresseesOf } from "../../shared/quoting/addressees-of.ts";
import { askedTier } from "../../shared/quoting/decide-approval.ts";
import type { LoggedEvent } from "../../shared/quoting/event.ts";
import { orderOf } from "../../shared/quoting/order-of.ts";
import { currentRevision, type Quote } from "../../shared/quoting/quote.ts";
import { isShownToBuyer, shownRevisions } from "../../shared/quoting/shown-revision.ts";
import { instantOf } from "../../shared/quoting/validity.ts";
import { checkpointOf } from "./checkpoint.ts";
import { settledPins } from "./pins.ts";

export interface ProjectOptions {
  /** The last event of the log: the quote is as of it. */
  readonly last: Pick<LoggedEvent, "seq" | "hash" | "at">;
  readonly secret: string;
  /** When the sweep is to look after the quote, in milliseconds since 1970. */
  readonly dueAt: number | undefined;
}

type Values = Readonly<Record<string, string | number | null | undefined>>;

const hourMilliseconds = 3_600_000;

/**
 * Brings what D1 says of the quote to this version, in one transaction: its row in the lists, whom it waits for, its
 * order, the snapshots that it holds, and a checkpoint of its log. Done again it changes nothing, and an older version
 * that comes late neither.
 */
export async function projectQuote(
  published: D1Database,
  quote: Quote,
  options: ProjectOptions,
): Promise<void> {
  await published.batch([
    upsert(published, "quotes", "quote", rowOf(quote, options.dueAt)),
    ...addresseeRows(published, quote),
    ...orderRows(published, quote),
    ...settledPins(published, quote),
    checkpointRow(published, quote, options),
  ]);
}

function rowOf(quote: Quote, dueAt: number | undefined): Values {
  const revision = currentRevision(quote);
  const shown = isShownToBuyer(quote) ? shownRevisions(quote).at(-1) : undefined;
  return {
    quote: quote.id,
    version: quote.version,
    customer: quote.customer,
    customer_name: quote.customerName,
    currency: quote.currency,
    opened_by: quote.openedBy,
    status: quote.status,
    revision: revision.number,
    total: revision.total,
    discount: revision.discountPercent,
    valid_until: revision.terms.validUntil,
    purchase_order: quote.acceptance?.purchaseOrder ?? revision.terms.purchaseOrder,
    buyer_status: shown && quote.status,
    buyer_revision: shown?.number,
    buyer_total: shown?.total,
    buyer_valid_until: shown?.terms.validUntil,
    created_at: quote.createdAt,
    changed_at: quote.changedAt,
    due_at: dueAt,
  };
}

function addresseeRows(published: D1Database, quote: Quote): D1PreparedStatement[] {
  const cleared = published
    .prepare(`DELETE FROM quote_addressees WHERE quote = ?1 AND ${ifProjected("?1", "?2")}`)
    .bind(quote.id, quote.version);
  const addressees = addresseesOf(quote).map(addresseeKey);
  if (quote.approval === undefined || addressees.length === 0) return [cleared];
  const { tier, causes, escalateAfterHours } = askedTier(quote.approval);
  const { askedAt } = quote.approval;
  const due =
    escalateAfterHours === undefined
      ? null
      : new Date(instantOf(askedAt) + escalateAfterHours * hourMilliseconds).toISOString();
  const asked = published
    .prepare(
      `INSERT INTO quote_addressees (addressee, quote, tier, since, due, causes)
       SELECT value, ?1, ?3, ?4, ?5, ?6 FROM json_each(?7) WHERE ${ifProjected("?1", "?2")}`,
    )
    .bind(quote.id, quote.version, tier, askedAt, due, JSON.stringify(causes), JSON.stringify(addressees));
  return [cleared, asked];
}

function orderRows(published: D1Database, quote: Quote): D1PreparedStatement[] {
  const [ordered, state] = [orderOf(quote), quote.order];
  if (ordered === undefined || state === undefined) return [];
  const row = {
    id: ordered.id,
    quote: quote.id,
    version: quote.version,
    customer: quote.customer,
    customer_name: quote.customerName,
    currency: quote.currency,
    total: ordered.total,
    purchase_order: ordered.purchaseOrder,
    status: state.status,
    erp_order: state.erpOrder,
    problem: state.problem,
    accepted_at: ordered.acceptedAt,
    changed_at: quote.changedAt,
  };
  return [upsert(published, "orders", "id", row)];
}

/** A checkpoint that is there already stays, whatever the log says now. */
function checkpointRow(
  published: D1Database,
  quote: Quote,
  { last, secret }: ProjectOptions,
): D1PreparedStatement {
  const { seq, hash, at, signature } = checkpointOf(quote.id, last, secret);
  return published
    .prepare(
      `INSERT INTO quote_checkpoints (quote, seq, hash, at, signature) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    )
    .bind(quote.id, seq, hash, at, signature);
}

/** Writes the row, unless there is one of a later version. */
function upsert(published: D1Database, table: string, key: string, row: Values): D1PreparedStatement {
  const columns = Object.keys(row);
  const changes = columns
    .filter((column) => column !== key)
    .map((column) => `${column} = excluded.${column}`);
  return published
    .prepare(
      `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})
       ON CONFLICT (${key}) DO UPDATE SET ${changes.join(", ")} WHERE excluded.version >= ${table}.version`,
    )
    .bind(...Object.values(row).map((value) => value ?? null));
}

function ifProjected(quote: string, version: string): string {
  return `EXISTS (SELECT 1 FROM quotes WHERE quote = ${quote} AND version = ${version})`;
}
