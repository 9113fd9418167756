import { NumberLiteral } from "../../../shared/api/exact-json.ts";
import { parseDecimal } from "../../../shared/pricing/fraction.ts";
import { formatDecimal, round } from "../../../shared/pricing/rounding.ts";
import type { TrytonClient } from "../../../control-plane/connectors/tryton/client.ts";
import type { CompanyRows } from "../../../control-plane/connectors/tryton/company-rows.ts";
import { namesOf } from "../../../control-plane/connectors/tryton/names.ts";
import { decimal, idOf, type Row } from "../../../control-plane/connectors/tryton/row.ts";
import type { OracleCall } from "./questions.ts";

/** What Tryton calls our records. */
export class TrytonIds {
  readonly #ids = new Map<string, string>();

  constructor(rows: CompanyRows) {
    const names = namesOf(rows);
    const note = (kind: string, all: readonly Row[], nameOf: (id: string) => string) => {
      for (const row of all) this.#ids.set(`${kind}/${nameOf(idOf(row))}`, idOf(row));
    };
    note("product", rows.rows["product.product"], (id) => names.sku(id));
    note("customer", rows.rows["party.party"], (id) => names.customer(id));
    note("unit", rows.rows["product.uom"], (id) => names.unit(id));
    note("currency", rows.rows["currency.currency"], (id) => names.currency(id));
  }

  of(kind: "product" | "customer" | "unit" | "currency", name: string): NumberLiteral {
    const id = this.#ids.get(`${kind}/${name}`);
    if (id === undefined) throw new Error(`Tryton has no ${kind} ${name}`);
    return new NumberLiteral(id);
  }
}

/** Tryton's own unit prices, by SKU, with the 4 digits that an order line has. */
export async function askTryton(
  client: TrytonClient,
  ids: TrytonIds,
  call: OracleCall,
  defaultLists: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { customer, products, taxes, unit, quantity, day, currency, isReturn } = call;
  const [list] = [...(customer.lists ?? []), ...defaultLists];
  const [year = "", month = "", date = ""] = day.split("-").map((part) => part.replace(/^0/, ""));
  const localDay = {
    __class__: "date",
    year: new NumberLiteral(year),
    month: new NumberLiteral(month),
    day: new NumberLiteral(date),
  };
  const context = {
    customer: ids.of("customer", customer.id),
    price_list: list === undefined ? null : new NumberLiteral(list),
    quantity: new NumberLiteral(isReturn ? `-${quantity}` : quantity),
    uom: ids.of("unit", unit),
    currency: ids.of("currency", currency),
    sale_date: localDay,
    date: localDay,
    taxes: taxes.map((tax) => new NumberLiteral(tax)),
  };
  const wanted = products.map(({ id }) => ids.of("product", id));
  const rows = await client.model("product.product", "read", [wanted, ["sale_price_uom"]], context);
  const byId = new Map((rows as Row[]).map((row) => [idOf(row), row]));
  return new Map(
    products.map(({ id }, index) => {
      const row = byId.get(wanted[index]?.text ?? "");
      const price = row === undefined ? undefined : decimal(row, "sale_price_uom");
      return [id, price === undefined ? "none" : fourDigits(price)];
    }),
  );
}

/** As the order line rounds it. */
export function fourDigits(price: string): string {
  return formatDecimal(round(parseDecimal(price), 4, "half-even"), 4, 0);
}

/** An order line as Tryton fills it in when its product is chosen. */
export interface OrderLine {
  readonly unitPrice: string;
  readonly amount: string;
}

/** What Tryton writes into an order line: the price with its 4 digits, and the amount in the currency's rounding. */
export async function askForLine(
  client: TrytonClient,
  ids: TrytonIds,
  { customer, unit, quantity, day, currency }: OracleCall,
  sku: string,
  defaultLists: readonly string[],
): Promise<OrderLine> {
  const [list] = [...(customer.lists ?? []), ...defaultLists];
  const [year = "", month = "", date = ""] = day.split("-").map((part) => part.replace(/^0/, ""));
  const line = {
    product: ids.of("product", sku),
    quantity: new NumberLiteral(quantity),
    unit: ids.of("unit", unit),
    sale: {
      party: ids.of("customer", customer.id),
      currency: ids.of("currency", currency),
      company: new NumberLiteral(await client.company()),
      price_list: list === undefined ? null : new NumberLiteral(list),
      sale_date: {
        __class__: "date",
        year: new NumberLiteral(year),
        month: new NumberLiteral(month),
        day: new NumberLiteral(date),
      },
    },
  };
  const row = (await client.model("sale.line", "on_change_product", [line])) as Row;
  return { unitPrice: decimal(row, "unit_price") ?? "none", amount: decimal(row, "amount") ?? "none" };
}
