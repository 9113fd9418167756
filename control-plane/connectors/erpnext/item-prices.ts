import type { Price } from "../../../shared/pricing/records.ts";
import { Fault } from "../cell.ts";
import type { Made } from "../made.ts";
import type { Row } from "../rows.ts";
import type { ItemPrice, PriceList } from "./doctypes.ts";
import type { Skus } from "./items.ts";

/** The selling lists in use. Buying lists and disabled ones are no lists of prices for customers. */
export class PriceLists {
  readonly #rows: readonly Row<PriceList>[];
  readonly #unused: ReadonlySet<string>;

  constructor(rows: readonly Row<PriceList>[]) {
    this.#rows = rows.filter(({ value }) => value.enabled && value.selling);
    this.#unused = new Set(
      rows.filter(({ value }) => !value.enabled || !value.selling).map(({ value }) => value.name),
    );
  }

  isUsable(name: string): boolean {
    return this.#rows.some(({ value }) => value.name === name && faultOf(value) === undefined);
  }

  isUnused(name: string): boolean {
    return this.#unused.has(name);
  }

  *records(): Generator<Made> {
    for (const { source, value } of this.#rows) {
      const fault = faultOf(value);
      if (fault !== undefined) yield { source, code: fault.code, message: fault.message };
      else yield { source, record: { type: "priceList", id: value.name, currency: value.currency ?? "" } };
    }
  }
}

function faultOf(list: PriceList): Fault | undefined {
  if (list.currency === undefined) return new Fault("missing_field", "The price list has no currency");
  if (list.price_not_uom_dependent)
    return new Fault("price_not_uom_dependent", "The list's prices are the same in every unit of measure");
  return undefined;
}

/** Prices of an item; one of a template is inherited by each of its variants. */
export function itemPriceRecords(
  { source, value: own }: Row<ItemPrice>,
  skus: Skus,
  lists: PriceLists,
): readonly Made[] {
  const { price_list: list, item_code: code, currency, price_list_rate: amount } = own;
  if (list === undefined || code === undefined || currency === undefined)
    return [{ source, code: "missing_field", message: "The price has no list, item or currency" }];
  if (lists.isUnused(list) || own.supplier !== undefined) return [];
  const fault = priceFaultOf(own, list, lists);
  if (fault !== undefined) return [{ source, code: fault.code, message: fault.message }];
  if (amount === undefined) return [{ source, code: "zero_price", message: "The rate is zero" }];
  const meant = skus.meantBy(code);
  if (meant.length === 0)
    return [{ source, code: "unknown_item", message: `There is no item or variant of ${code}` }];
  return meant.map(({ sku, inherited }) => {
    const record: Price = {
      type: "price",
      id: inherited ? `${own.name}/${sku}` : own.name,
      list,
      who: own.customer === undefined ? undefined : { customers: [own.customer] },
      sku,
      currency,
      amount,
      unit: own.uom,
      from: own.valid_from,
      until: own.valid_upto,
      inherited: inherited ? true : undefined,
    };
    return { source, record };
  });
}

function priceFaultOf(price: ItemPrice, list: string, lists: PriceLists): Fault | undefined {
  if (price.batch_no !== undefined)
    return new Fault("batch_price", `The price is for the batch ${price.batch_no}`);
  if (price.packing_unit !== undefined)
    return new Fault("packing_unit", "The price is for multiples of a packing unit only");
  if (!lists.isUsable(list))
    return new Fault("unknown_price_list", `The price list ${list} is not there, or was refused`);
  return undefined;
}
