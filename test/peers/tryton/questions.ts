import type { FeedRecord } from "../../../control-plane/connectors/translation.ts";
import type { Customer, Product, TaxRule } from "../../../shared/pricing/records.ts";
import { taxesFor } from "../../../shared/pricing/tax.ts";

/** One price that Tryton is asked for: all of a customer's products with the same taxes, in one call. */
export interface OracleCall {
  readonly customer: Customer;
  readonly products: readonly Product[];
  readonly taxes: readonly string[];
  readonly unit: string;
  readonly quantity: string;
  /** A local day. */
  readonly day: string;
  readonly currency: string;
  /** Whether the quantity comes back: Tryton is asked for the negative one. */
  readonly isReturn: boolean;
}

// The seed's lists have breaks at 0.5, 1.005, 3.6, 5, 10, 12, 50, 100 and 144, in several units.
const quantities = [
  ["1", "2", "7", "24"],
  ["0.49", "0.5", "0.51"],
  ["1.004", "1.005", "1.006"],
  ["0.3", "3.59", "3.6", "3.61"],
  ["4.99", "5"],
  ["9.99", "10"],
  ["0.99", "11.99", "12", "12.01"],
  ["49.99", "50"],
  ["8.33", "8.34", "99.99", "100", "143.99", "144", "1200"],
].flat();
const days = ["2026-06-09", "2026-06-10", "2026-06-20", "2026-06-21"];
const currencies = ["USD", "CHF", "JPY"];

/** The questions of the whole seed: usual ones and borders, other units, days, currencies, and returns. */
export function callsFor(records: readonly FeedRecord[]): OracleCall[] {
  const all = records.filter((record): record is Exclude<FeedRecord, { op: "delete" }> => !("op" in record));
  const products = all.filter((record): record is Product => record.type === "product");
  const taxRules = new Map(
    all.filter((record): record is TaxRule => record.type === "taxRule").map((rule) => [rule.id, rule]),
  );
  const gross = new Set(
    all.flatMap((record) => (record.type === "priceList" && record.taxIncluded === true ? [record.id] : [])),
  );
  const customers = all.filter(
    (record): record is Customer => record.type === "customer" && record.name.startsWith("Customer "),
  );
  // Each combination takes some of the quantities, each the next ones, so that all are tried everywhere.
  let turn = 0;
  const some = (count: number) =>
    Array.from({ length: count }, () => quantities[turn++ % quantities.length] ?? "1");
  return customers.flatMap((customer, number) => {
    const isTaxed = customer.lists?.some((list) => gross.has(list)) ?? false;
    const taxesOf = (product: Product) =>
      isTaxed ? taxesFor(product.taxes ?? [], taxRules.get(customer.taxRule ?? "")) : [];
    const groups = Map.groupBy(products, (product) => JSON.stringify([taxesOf(product), unitsOf(product)]));
    return [...groups.values()].flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const call = { customer, products: group, taxes: taxesOf(first), currency: "EUR", isReturn: false };
      return unitsOf(first).flatMap((unit, position): OracleCall[] => [
        ...days.flatMap((day, at) =>
          some(at === 0 ? 4 : 2).map((quantity) => ({ ...call, unit, quantity, day })),
        ),
        { ...call, unit, quantity: some(1)[0] ?? "1", day: "2026-06-15", isReturn: true },
        ...(position > 1 ? [] : currencies).map((currency, at) => ({
          ...call,
          unit,
          quantity: some(1)[0] ?? "1",
          day: ["2026-05-31", "2026-06-01", "2026-06-14", "2026-07-01"][(number + at) % 4] ?? "",
          currency,
        })),
      ]);
    });
  });
}

/** All units that a product may be asked in, whichever is its own. */
function unitsOf({ unit, units = [] }: Product): string[] {
  return [unit, ...units.map((other) => other.unit)].sort();
}
