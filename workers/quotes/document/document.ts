import { html, raw } from "hono/html";
import { add, parseDecimal, zero } from "../../../shared/pricing/fraction.ts";
import { moneyText } from "../../../shared/pricing/line-total.ts";
import type { DecimalText } from "../../../shared/pricing/records.ts";
import type { Letterhead } from "../../../shared/quoting/desk.ts";
import type { Quote, Revision } from "../../../shared/quoting/quote.ts";
import { linesTable } from "./lines-table.ts";
import { shownAmount } from "./shown-amount.ts";
import { shownDay, shownMoment } from "./shown-day.ts";
import { styleOf, type Paper } from "./style.ts";

type Html = ReturnType<typeof html>;

/** What a quote says as a document: one revision, as its reader may see it. */
export interface Documented extends Pick<
  Quote,
  "id" | "status" | "customer" | "customerName" | "currency" | "sentAt" | "acceptance"
> {
  readonly revision: Revision;
  readonly letterhead: Letterhead;
}

export interface DocumentPage {
  readonly page: Html;
  /** The text of its one style element, for the policy that allows no other. */
  readonly style: string;
}

/** A page made for print, without scripts and without anything from elsewhere. */
export function documentPage(quote: Documented, paper: Paper): DocumentPage {
  const { id, currency, revision, letterhead, acceptance } = quote;
  const style = styleOf(`Quote ${id}`, paper);
  const { lines, terms } = revision;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Quote ${id} for ${quote.customerName}</title>
        ${styleElement(style)}
      </head>
      <body>
        <header>
          <div>
            <h1>Quotation</h1>
            <p class="number">No. ${id}, revision ${revision.number}</p>
          </div>
          <div class="company">${companyOf(letterhead)}</div>
        </header>
        ${standingOf(quote)}
        <div class="about">
          <div>
            <h2>For</h2>
            <p><strong>${quote.customerName}</strong></p>
            <p class="small">Customer ${quote.customer}</p>
            ${terms.contacts.map(
              ({ name, email, phone }) =>
                html`<p class="small">
                  ${[name, email, phone].filter((one) => one !== undefined).join(", ")}
                </p>`,
            )}
          </div>
          <dl>
            <dt>Date</dt>
            <dd>${shownDay(quote.sentAt ?? revision.at)}</dd>
            ${entry("Valid until", terms.validUntil === undefined ? undefined : shownMoment(terms.validUntil))}
            ${entry("Payment", terms.paymentTerms)} ${entry("Your order", terms.purchaseOrder)}
            <dt>Currency</dt>
            <dd>${currency}</dd>
          </dl>
        </div>
        ${linesTable(lines, { currency, picks: acceptance?.picks })}
        <div class="total">
          <div>
            <span>Total, net of taxes</span><span>${currency} ${shownAmount(totalOf(quote), currency)}</span>
          </div>
        </div>
        ${noteOf("Note", terms.note)} ${attachmentsOf(revision)} ${noteOf("Terms", letterhead.terms)}
        ${signatureOf(quote)}
      </body>
    </html>`;
  return { page, style };
}

function companyOf({ name, address, contact, taxId }: Letterhead): Html {
  return html`<p><strong>${name}</strong></p>
    <address class="small">${address.map((line) => html`${line}<br />`)}</address>
    ${contact === undefined ? "" : html`<p class="small">${contact}</p>`}
    ${taxId === undefined ? "" : html`<p class="small">Tax no. ${taxId}</p>`}`;
}

/** What a reader has to know before relying on the page; nothing where it is an offer that stands. */
function standingOf({ status, acceptance, revision }: Documented): Html | string {
  switch (status) {
    case "sent":
      return "";
    case "accepted":
    case "ordered": {
      const when = acceptance === undefined ? "" : ` on ${shownMoment(acceptance.at)}`;
      return html`<p class="standing good">Accepted${when}.</p>`;
    }
    case "expired":
      return html`<p class="standing">This offer has expired and is not binding any more.</p>`;
    case "declined":
    case "withdrawn":
      return html`<p class="standing">This quote was ${status} and is not binding.</p>`;
    case "draft":
    case "requested":
    case "in_review":
    case "awaiting_approval":
    case "approved":
    case "rejected":
      return html`<p class="standing">
        ${revision.by === "buyer" ? "A request for prices." : "A draft."} This is not a binding offer.
      </p>`;
  }
}

function entry(term: string, text: string | undefined): Html | string {
  return text === undefined
    ? ""
    : html`<dt>${term}</dt>
        <dd>${text}</dd>`;
}

function noteOf(title: string, text: string | undefined): Html | string {
  return text === undefined
    ? ""
    : html`<section>
        <h2>${title}</h2>
        <p class="note">${text}</p>
      </section>`;
}

function attachmentsOf({ terms }: Revision): Html | string {
  if (terms.attachments.length === 0) return "";
  return html`<section>
    <h2>Attachments</h2>
    ${terms.attachments.map(({ name, url }) => html`<p>${name} <span class="small">${url}</span></p>`)}
  </section>`;
}

function signatureOf({ status, letterhead, customerName }: Documented): Html | string {
  if (status !== "sent") return "";
  return html`<div class="signature together">
    <p class="small">For ${letterhead.name}</p>
    <p class="small">Accepted for ${customerName}: place, date, signature</p>
  </div>`;
}

/** What was accepted, with the alternatives that were picked; else the revision's own. */
function totalOf({ revision, acceptance, currency }: Documented): DecimalText {
  if (acceptance === undefined) return revision.total;
  const taken = revision.lines.map(({ line, own, alternatives }) => {
    const pick = acceptance.picks[line] ?? own.item;
    return [own, ...alternatives].find(({ item }) => item === pick)?.lineTotal ?? "0";
  });
  return moneyText(
    taken.reduce((sum, total) => add(sum, parseDecimal(total)), zero),
    currency,
  );
}

// To the letter, since the policy has its hash: a blank more, and no browser would show the style.
function styleElement(style: string) {
  return raw(`<style>${style}</style>`);
}
