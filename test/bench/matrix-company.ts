import type { CompanyRecord } from "../../shared/pricing/company.ts";
import type { Price, Product } from "../../shared/pricing/records.ts";
import { spread } from "../../shared/snapshot/hash.ts";

/**
 * A made-up company of the most common B2B structure: a matrix of discounts by customer and product group, quantity
 * breaks for everyone, and contracts of some customers. Everything in it follows from the number of price records,
 * so runs can be compared: 1,000,000 of them are 10,000 customers, 100,000 products with four or five breaks each,
 * and 2,000 contracts of 50 to 500 SKUs.
 */
export interface MatrixCompany {
  readonly customers: number;
  readonly products: number;
  readonly company: readonly CompanyRecord[];
  productAt(index: number): Product;
  /** All prices, those of a SKU not together: contracts come after everyone's prices. */
  prices(): Iterable<Price>;
}

const productGroups = 40;
const levels = 12;
const breaks = ["1", "10", "50", "100", "500"] as const;
const contractSkus = { min: 50, max: 500 } as const;

export function matrixCompany(priceRecords: number): MatrixCompany {
  const products = Math.ceil(priceRecords / 10);
  const customers = Math.ceil(priceRecords / 100);
  return {
    customers,
    products,
    company: companyRecords(customers),
    productAt: (index) => ({
      type: "product",
      id: skuOf(index),
      name: `Product ${index}`,
      unit: "EA",
      category: groupOf(index % productGroups),
    }),
    prices: () => pricesOf(priceRecords, { products, customers }),
  };
}

function companyRecords(customers: number): CompanyRecord[] {
  const records: CompanyRecord[] = [];
  for (let group = 0; group < productGroups; group++) {
    const category = groupOf(group);
    records.push({ type: "category", id: category });
    for (let level = 0; level < levels; level++) {
      records.push({
        type: "rule",
        id: `${category}-level-${level}`,
        rank: 10,
        who: { attributes: { [category]: `L${level}` } },
        what: { categories: [category] },
        effect: { percentOff: `${3 * level + 2}` },
      });
    }
  }
  for (let customer = 0; customer < customers; customer++) {
    const attributes: Record<string, string> = {};
    for (let group = 0; group < productGroups; group++) {
      attributes[groupOf(group)] = `L${random(levels, customer, group)}`;
    }
    records.push({
      type: "customer",
      id: customerOf(customer),
      name: `Customer ${customer}`,
      currency: "EUR",
      attributes,
    });
  }
  return records;
}

function* pricesOf(
  count: number,
  { products, customers }: { readonly products: number; readonly customers: number },
): Generator<Price> {
  const contracts = Math.ceil(customers / 5);
  let made = 0;
  const sizes = Array.from(
    { length: contracts },
    (_, contract) => contractSkus.min + random(contractSkus.max - contractSkus.min + 1, contract, 1),
  );
  const inContracts = sizes.reduce((sum, size) => sum + size, 0);
  for (let index = 0; made < count - inContracts; index++) {
    const product = index % products;
    yield everyonesPrice(product, Math.floor(index / products));
    made++;
  }
  for (const [contract, size] of sizes.entries()) {
    // Steps of a number that shares no factor with the products reach a SKU once.
    const first = random(products, contract, 2);
    for (let line = 0; line < size && made < count; line++, made++) {
      const product = (first + line * 7919) % products;
      yield contractPrice(contract * 5, product, random(90_000, contract, product));
    }
  }
}

function everyonesPrice(product: number, step: number): Price {
  const cents = 10_000 + random(90_000, product, 3);
  const minQuantity = breaks[step];
  if (minQuantity === undefined) throw new RangeError(`Cannot price break ${step} of ${breaks.length}`);
  return {
    type: "price",
    id: `${skuOf(product)}-from-${minQuantity}`,
    sku: skuOf(product),
    currency: "EUR",
    amount: amountOf(Math.floor((cents * (100 - 4 * step)) / 100)),
    minQuantity,
  };
}

export function contractPrice(customer: number, product: number, cents: number): Price {
  return {
    type: "price",
    id: `${customerOf(customer)}-${skuOf(product)}`,
    customer: customerOf(customer),
    sku: skuOf(product),
    currency: "EUR",
    amount: amountOf(5_000 + cents),
    allowDiscount: false,
  };
}

function amountOf(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}

/** Below `limit`, even, and the same in every run. */
function random(limit: number, ...seed: readonly number[]): number {
  return spread(seed.join(".")) % limit;
}

function groupOf(index: number): string {
  return `group-${String(index).padStart(2, "0")}`;
}

export function skuOf(index: number): string {
  return `S${String(index).padStart(6, "0")}`;
}

export function customerOf(index: number): string {
  return `C${String(index).padStart(5, "0")}`;
}
