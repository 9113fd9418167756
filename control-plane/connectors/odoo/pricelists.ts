import type { Made } from "../made.ts";
import type { Row } from "../rows.ts";
import type { IncludedTaxes } from "./included-taxes.ts";
import type { Partner, Pricelist } from "./models.ts";

export function* pricelistRecords(rows: readonly Row<Pricelist>[], taxes: IncludedTaxes): Generator<Made> {
  for (const { source, value } of rows) {
    if (value.currency_id === undefined) {
      yield { source, code: "missing_field", message: "The pricelist has no currency" };
    } else if (value.active) {
      yield {
        source,
        record: {
          type: "priceList",
          id: value.id,
          name: value.name,
          currency: value.currency_id.name,
          taxIncluded: taxes.areThere() ? true : undefined,
        },
      };
    } else yield { source, record: { type: "priceList", id: value.id, op: "delete" } };
  }
}

/** A customer for each partner; a contact buys on the terms of its commercial partner. */
export function* customerRecords(
  rows: readonly Row<Partner>[],
  lists: readonly Row<Pricelist>[],
): Generator<Made> {
  const byId = new Map(lists.map(({ value }) => [value.id, value]));
  for (const { source, value } of rows) {
    const list = value.property_product_pricelist;
    const commercial = value.commercial_partner_id?.id;
    yield {
      source,
      record: {
        type: "customer",
        id: value.id,
        name: value.name ?? value.id,
        parent: commercial === value.id ? undefined : commercial,
        lists: list === undefined ? [] : [list.id],
        currency: list === undefined ? undefined : byId.get(list.id)?.currency_id?.name,
        status: value.active ? "active" : "blocked",
      },
    };
  }
}
