import { add, parseDecimal, zero } from "../pricing/fraction.ts";
import { moneyText } from "../pricing/line-total.ts";
import type { QuoteLine } from "./line.ts";
import type { OrderLine, QuotedOrder } from "./order.ts";
import { currentRevision, type Quote } from "./quote.ts";

/** The order that an accepted quote is; undefined: it was not accepted. */
export function orderOf(quote: Quote): QuotedOrder | undefined {
  const { acceptance, currency, customer } = quote;
  if (acceptance === undefined) return undefined;
  const { terms, lines } = currentRevision(quote);
  const ordered = lines.map((line) => orderLine(line, acceptance.picks[line.line]));
  const total = ordered.reduce((sum, { lineTotal }) => add(sum, parseDecimal(lineTotal)), zero);
  const purchaseOrder = acceptance.purchaseOrder ?? terms.purchaseOrder;
  const contact = acceptance.contact ?? terms.contacts[0];
  return {
    id: acceptance.order,
    quote: quote.id,
    customer,
    currency,
    acceptedAt: acceptance.at,
    ...(purchaseOrder === undefined ? {} : { purchaseOrder }),
    ...(contact === undefined ? {} : { contact }),
    ...(terms.paymentTerms === undefined ? {} : { paymentTerms: terms.paymentTerms }),
    lines: ordered,
    total: moneyText(total, currency),
    contentHash: acceptance.contentHash,
  };
}

/** @throws {RangeError} when the item has no price, with which nothing can be offered */
function orderLine({ line, own, alternatives }: QuoteLine, pick: string | undefined): OrderLine {
  const item = alternatives.find((alternative) => alternative.item === pick) ?? own;
  const { sku, quantity, unit, per, offeredPrice, lineTotal } = item;
  if (offeredPrice === undefined || lineTotal === undefined) {
    throw new RangeError(`Cannot order line ${line}: it was offered without a price`);
  }
  return { line, sku, quantity, unit, unitPrice: offeredPrice, per, lineTotal };
}
