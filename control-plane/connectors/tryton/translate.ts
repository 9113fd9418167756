import { requireValues } from "../../../shared/pricing/formula/constant-parts.ts";
import { FormulaError } from "../../../shared/pricing/formula/formula-error.ts";
import { parseFormula } from "../../../shared/pricing/formula/parse.ts";
import { isCurrency, minorUnitOf } from "../../../shared/pricing/currency.ts";
import { parseDecimal } from "../../../shared/pricing/fraction.ts";
import { formatDecimal, round } from "../../../shared/pricing/rounding.ts";
import type { Policy, Product, Rule } from "../../../shared/pricing/records.ts";
import type { ConnectorProblem, FeedRecord, Translation } from "../translation.ts";
import type { CompanyRows } from "./company-rows.ts";
import { compareLines } from "./line-order.ts";
import { byId, grouped, namesOf, type Names } from "./names.ts";
import { ratesOf } from "./rates.ts";
import { date, decimal, flag, float, idOf, reference, references, text, type Row } from "./row.ts";
import { taxRecords, taxRuleRecords } from "./taxes.ts";
import { unitsOfProduct } from "./units.ts";

export interface TrytonOptions {
  /** The IANA zone whose days Tryton's dates are. */
  readonly timeZone: string;
}

/** The records that a Tryton company's prices follow from; pure. */
export function translateCompany(company: CompanyRows, options: TrytonOptions): Translation {
  const names = namesOf(company);
  const { rows } = company;
  const problems: ConnectorProblem[] = [];
  const taxes = taxRecords(rows["account.tax"], problems);
  const records: FeedRecord[] = [
    policyOf(company, names, options),
    ...ratesOf(company, names, problems),
    ...taxes,
    ...taxRuleRecords(rows["account.tax.rule"], rows["account.tax.rule.line"], rows["account.tax"], problems),
    ...rows["product.category"].map((row): FeedRecord => ({
      type: "category",
      id: idOf(row),
      ...optional("parent", reference(row, "parent")),
      ...optional("name", text(row, "name")),
    })),
    ...productRecords(company, names, new Set(taxes.map(({ id }) => id)), problems),
    ...rows["product.price_list"].map((row): FeedRecord => ({
      type: "priceList",
      id: idOf(row),
      currency: companyCurrency(company, names),
      ...optional("name", text(row, "name")),
      ...optional("parent", reference(row, "parent")),
      ...(flag(row, "tax_included") ? { taxIncluded: true } : {}),
      ...(text(row, "unit") === "product_sale" ? { unit: "product_sale" as const } : {}),
    })),
    ...lineRecords(rows["product.price_list.line"], names, problems),
    ...rows["party.party"].map((row): FeedRecord => ({
      type: "customer",
      id: names.customer(idOf(row)),
      name: text(row, "name") ?? names.customer(idOf(row)),
      currency: companyCurrency(company, names),
      lists: reference(row, "sale_price_list") === undefined ? [] : [reference(row, "sale_price_list") ?? ""],
      ...optional("taxRule", reference(row, "customer_tax_rule")),
      ...(flag(row, "active") ? {} : { status: "blocked" as const }),
    })),
  ];
  return { records, problems };
}

function policyOf(company: CompanyRows, names: Names, { timeZone }: TrytonOptions): Policy {
  const lists = company.rows["sale.configuration"].flatMap((row) => reference(row, "sale_price_list") ?? []);
  const smallest = Object.fromEntries(
    company.rows["currency.currency"].flatMap((row) => {
      const [code, rounding] = [names.currency(idOf(row)), decimal(row, "rounding")];
      if (rounding === undefined || !isCurrency(code) || isMinorUnit(code, rounding)) return [];
      return [[code, rounding]];
    }),
  );
  return {
    type: "policy",
    id: "default",
    preset: "tryton",
    timeZone,
    currency: companyCurrency(company, names),
    defaultLists: lists,
    ...(Object.keys(smallest).length === 0
      ? {}
      : { rounding: { line: { mode: "half-even" as const, to: smallest } } }),
  };
}

function isMinorUnit(code: string, rounding: string): boolean {
  const places = minorUnitOf(code);
  return rounding === (places === 0 ? "1" : `0.${"1".padStart(places, "0")}`);
}

export function companyCurrency({ rows, company }: CompanyRows, names: Names): string {
  const own = rows["company.company"].find((row) => idOf(row) === company);
  return names.currency((own === undefined ? undefined : reference(own, "currency")) ?? "");
}

function productRecords(
  company: CompanyRows,
  names: Names,
  taxes: ReadonlySet<string>,
  problems: ConnectorProblem[],
): FeedRecord[] {
  const { rows } = company;
  const templates = byId(rows["product.template"]);
  const uoms = byId(rows["product.uom"]);
  const categories = byId(rows["product.category"]);
  const currency = companyCurrency(company, names);
  return rows["product.product"].flatMap((row): Product[] => {
    const template = templates.get(reference(row, "template") ?? "");
    const base = uoms.get(template === undefined ? "" : (reference(template, "default_uom") ?? ""));
    if (template === undefined || base === undefined) {
      problems.push({
        source: sourceOf("product.product", row),
        code: "no_template",
        message: "It has no template or unit",
      });
      return [];
    }
    const saleUom = reference(template, "sale_uom");
    const listPrice = decimal(template, "list_price");
    const cost = decimal(row, "cost_price");
    const isActive = flag(row, "active") && flag(template, "active");
    return [
      {
        type: "product",
        id: names.sku(idOf(row)),
        name: text(template, "name") ?? names.sku(idOf(row)),
        unit: names.unit(idOf(base)),
        units: unitsOfProduct(base, rows["product.uom"], names.unit),
        ...(saleUom === undefined ? {} : { saleUnit: names.unit(saleUom) }),
        ...(listPrice === undefined || isZero(listPrice)
          ? {}
          : { listPrice: { amount: listPrice, currency } }),
        ...(cost === undefined || isZero(cost) ? {} : { cost: { amount: cost, currency } }),
        categories: [...new Set(references(template, "categories_all"))],
        ...taxesOf(categories.get(reference(template, "account_category") ?? ""), taxes),
        ...(isActive ? {} : { status: "discontinued" as const }),
      },
    ];
  });
}

/** The taxes of a product's accounting category; without one it has none, with one that can't be told they are not known. */
function taxesOf(category: Row | undefined, told: ReadonlySet<string>): Pick<Product, "taxes"> {
  const taxes = category === undefined ? [] : references(category, "customer_taxes_used");
  return taxes.every((tax) => told.has(tax)) ? { taxes } : {};
}

/** A list's lines in the order in which they are tried: by sequence, empty first, then by id. */
function lineRecords(lines: readonly Row[], names: Names, problems: ConnectorProblem[]): FeedRecord[] {
  return [...grouped(lines, "price_list")].flatMap(([list, own]) =>
    own.toSorted(compareLines).flatMap((row, index): Rule[] => {
      const formula = text(row, "formula") ?? "";
      const fault = faultOf(formula);
      if (fault !== undefined) {
        const source = sourceOf("product.price_list.line", row);
        problems.push({ source, code: "unsupported_formula", message: fault });
      }
      const [category, product] = [reference(row, "category"), reference(row, "product")];
      const quantity = float(row, "quantity");
      return [
        {
          type: "rule",
          id: idOf(row),
          rank: index + 1,
          list,
          ...(category === undefined && product === undefined
            ? {}
            : {
                what: {
                  ...(category === undefined ? {} : { categories: [category] }),
                  ...(product === undefined ? {} : { skus: [names.sku(product)] }),
                },
              }),
          ...(quantity === undefined || isZero(quantity) ? {} : { minQuantity: upToPlaces(quantity) }),
          ...optional("from", date(row, "start_date")),
          ...optional("until", date(row, "end_date")),
          // The line keeps its place, so that the next one's price does not stand in for its.
          ...(fault === undefined
            ? { effect: { formula } }
            : { effect: { percentOff: "0" }, unsupported: fault }),
        },
      ];
    }),
  );
}

function faultOf(formula: string): string | undefined {
  try {
    requireValues(parseFormula(formula));
  } catch (error) {
    if (error instanceof FormulaError) return error.message;
    throw error;
  }
  return undefined;
}

// Questions have as many places at most, so that the next one up is the first quantity that reaches it.
const quantityPlaces = 8;

function upToPlaces(quantity: string): string {
  return formatDecimal(round(parseDecimal(quantity), quantityPlaces, "up"), quantityPlaces, 0);
}

function isZero(value: string): boolean {
  return !/[1-9]/.test(value);
}

export function sourceOf(model: string, row: Row): string {
  return `${model},${idOf(row)}`;
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]: Value }); // The one key.
}
