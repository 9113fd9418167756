import { Fault } from "../cell.ts";
import type { Made } from "../made.ts";
import type { Row } from "../rows.ts";
import type { Item, PriceListHeader, PriceListLine, VatPostingSetup } from "./tables.ts";

/**
 * Lines that include VAT. They name the business posting group whose VAT is in them, whatever the customer's; a
 * product has one set of taxes, so all such lines must name the same group. They are kept in price lists of their
 * own, since it is a list that holds gross prices, and the lists are everyone's: the line's source is its `who`.
 */
export class GrossPrices {
  readonly lists: readonly string[];
  readonly #headers: ReadonlyMap<string, Row<PriceListHeader>>;
  readonly #groups: ReadonlySet<string>;
  readonly #setup: readonly Row<VatPostingSetup>[];
  readonly #currency: string;

  constructor(
    lines: readonly Row<PriceListLine>[],
    headers: readonly Row<PriceListHeader>[],
    setup: readonly Row<VatPostingSetup>[],
    currency: string,
  ) {
    const gross = lines.filter(({ value }) => value.priceIncludesVAT && value.amountType !== "Discount");
    this.#headers = new Map(headers.map((header) => [header.value.code, header]));
    this.#groups = new Set(gross.map(({ value }) => value.vatBusPostingGrPrice));
    const codes = new Set(gross.map(({ value }) => value.priceListCode));
    this.lists = [...codes].filter((code) => this.#headers.has(code) && this.#groups.size === 1);
    const [group] = this.#groups;
    this.#setup = setup.filter(({ value }) => value.vatBusPostingGroup === group);
    this.#currency = currency;
  }

  /** The list that a gross line stands in. */
  listOf({ priceListCode }: PriceListLine): string | Fault {
    if (this.#groups.size > 1) {
      const groups = [...this.#groups].join(", ");
      return new Fault("several_vat_groups", `Prices include the VAT of several business groups: ${groups}`);
    }
    if (this.lists.includes(priceListCode)) return priceListCode;
    return new Fault("unknown_price_list", `There is no header of the price list ${priceListCode}`);
  }

  /** The taxes within gross prices of the item; undefined, so that such a price can't be told, without a setup. */
  taxesOf({ vatProdPostingGroup }: Item): readonly string[] | undefined {
    const found = this.#setup.find(({ value }) => value.vatProdPostingGroup === vatProdPostingGroup);
    return found === undefined || !isVat(found.value) ? undefined : [taxId(found.value)];
  }

  *records(): Generator<Made> {
    for (const { source, value } of this.#headers.values()) {
      if (!this.lists.includes(value.code)) continue;
      yield {
        source,
        record: {
          type: "priceList",
          id: value.code,
          name: value.description === "" ? undefined : value.description,
          currency: value.currencyCode === "" ? this.#currency : value.currencyCode,
          taxIncluded: true,
        },
      };
    }
    for (const { source, value } of this.#setup) {
      if (!isVat(value)) {
        const message = `Prices can't include VAT of the type ${value.vatCalculationType}`;
        yield { source, code: "unsupported_vat_type", message };
        continue;
      }
      // Under reverse charge no VAT is in the price.
      const percent = value.vatCalculationType === "Reverse Charge VAT" ? "0" : value.vatPercent;
      yield { source, record: { type: "tax", id: taxId(value), percent } };
    }
  }
}

function isVat({ vatCalculationType }: VatPostingSetup): boolean {
  return ["Normal VAT", "Reverse Charge VAT", "Full VAT"].includes(vatCalculationType);
}

function taxId({ vatBusPostingGroup, vatProdPostingGroup }: VatPostingSetup): string {
  return `${vatBusPostingGroup}/${vatProdPostingGroup}`;
}
