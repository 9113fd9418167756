import { html } from "hono/html";
import type { QuoteItem, QuoteLine } from "../../../shared/quoting/line.ts";
import { shownAmount, shownQuantity } from "./shown-amount.ts";

type Html = ReturnType<typeof html>;

interface TableOf {
  readonly currency: string;
  /** What was taken of each line, once the quote is accepted. */
  readonly picks: Readonly<Record<string, string>> | undefined;
}

export function linesTable(lines: readonly QuoteLine[], of: TableOf): Html {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">No.</th>
        <th scope="col">Product</th>
        <th scope="col" class="figure">Quantity</th>
        <th scope="col" class="figure">Price, ${of.currency}</th>
        <th scope="col" class="figure">Total, ${of.currency}</th>
      </tr>
    </thead>
    ${lines.map((line) => lineRows(line, of))}
  </table>`;
}

function lineRows({ line, note, own, alternatives }: QuoteLine, { currency, picks }: TableOf): Html {
  const taken = picks === undefined ? undefined : (picks[line] ?? own.item);
  return html`<tbody>
    ${[own, ...alternatives].map(
      (item) =>
        html`<tr class="${classesOf(item, item === own, taken)}">
          <td>${item === own ? line : ""}</td>
          <td>
            <div class="product">${item === own ? "" : "or "}${item.name}</div>
            ${item.name === item.sku ? "" : html`<div class="small">${item.sku}</div>`}
            ${item === own && note !== undefined ? html`<div class="small note">${note}</div>` : ""}
          </td>
          <td class="figure">${shownQuantity(item.quantity)} ${item.unit}</td>
          <td class="figure">${priceOf(item, currency)}</td>
          <td class="figure">
            ${item.lineTotal === undefined ? "on request" : shownAmount(item.lineTotal, currency)}
          </td>
        </tr>`,
    )}
  </tbody>`;
}

function classesOf(item: QuoteItem, isOwn: boolean, taken: string | undefined): string {
  const classes = [
    isOwn ? "own" : "other",
    ...(taken === undefined || taken === item.item ? [] : ["not-taken"]),
  ];
  return classes.join(" ");
}

function priceOf(
  { offeredPrice, requestedPrice, listed, per, unit, discountPercent }: QuoteItem,
  currency: string,
): Html {
  const listedPrice = "unitPrice" in listed ? listed.unitPrice : undefined;
  const price = offeredPrice ?? requestedPrice ?? listedPrice;
  if (price === undefined) return html`on request`;
  const isLower =
    listedPrice !== undefined && discountPercent !== undefined && /^(?!-)(?=.*[1-9])/.test(discountPercent);
  return html`${shownAmount(price, currency)}${per === "1" ? "" : html` <span class="was">per ${shownQuantity(per)} ${unit}</span>`}
  ${
    isLower
      ? html`<div class="was">
          <s>${shownAmount(listedPrice, currency)}</s> −${shownAmount(discountPercent, currency)} %
        </div>`
      : ""
  }`;
}
