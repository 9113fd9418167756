import type { Assessment } from "../../shared/quoting/approval.ts";
import type { PricedSet } from "../../shared/quoting/command.ts";
import type { AssessedItem, QuoteDesk } from "../../shared/quoting/desk.ts";
import { offeredSet } from "../../shared/quoting/offered-set.ts";
import type { Quote } from "../../shared/quoting/quote.ts";
import { askDesk } from "./quote-desk.ts";

/** Which approvals a set needs if it is offered at this instant, by the records of the snapshot that priced it. */
export async function assessSet(
  desk: QuoteDesk,
  set: PricedSet,
  { quote, at }: { readonly quote: Quote; readonly at: string },
): Promise<Assessment> {
  const { customer, currency, channel } = quote;
  const { lines, terms, pin } = offeredSet(set, currency, at);
  const items = lines.flatMap(({ line, own, alternatives }) =>
    [own, ...alternatives].flatMap((item): AssessedItem[] => {
      const { sku, quantity, unit, per, listed, offeredPrice, lineTotal } = item;
      // Without a price there is nothing to assess, and such an offer is refused as incomplete.
      if (offeredPrice === undefined || lineTotal === undefined) return [];
      const known =
        "unitPrice" in listed
          ? { listedPrice: listed.unitPrice, listedPer: listed.per, listedTotal: listed.lineTotal }
          : {};
      return [{ line, item: item.item, sku, quantity, unit, per, offeredPrice, lineTotal, ...known }];
    }),
  );
  return askDesk(desk, (open) =>
    open.assess({
      sequence: pin.sequence,
      customer,
      currency,
      ...(channel === undefined ? {} : { channel }),
      at,
      ...(terms.paymentTerms === undefined ? {} : { paymentTerms: terms.paymentTerms }),
      lines: items,
    }),
  );
}
