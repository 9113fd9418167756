import type { Point } from "../../shared/pricing/base-price.ts";
import type { ExplainQuestion } from "../../shared/pricing/considered.ts";
import { contendersOf } from "../../shared/pricing/contenders.ts";
import { inBaseUnits } from "../../shared/pricing/curve.ts";
import { pointAt } from "../../shared/pricing/point.ts";
import { unitsOf } from "../../shared/pricing/product-units.ts";
import type { Price, Product } from "../../shared/pricing/records.ts";
import { whatMatches, whoMatches } from "../../shared/pricing/scope.ts";
import { standingOf } from "../../shared/pricing/standing.ts";
import { recordOf } from "../publish/load-plan.ts";
import { readPricesOf, readProducts } from "../queries/read-records.ts";
import { loadCompanyFor } from "./load-company.ts";

/**
 * For each line, in order, all that its price follows from; undefined for a line whose customer, product or unit
 * there is not.
 */
export async function loadPoints(
  catalog: D1Database,
  { sequence, customer, channel, currency, at, lines }: ExplainQuestion,
): Promise<(Point | undefined)[]> {
  const loaded = await loadCompanyFor(catalog, customer, sequence);
  if (loaded === undefined) return lines.map(() => undefined);
  const { company } = loaded;
  const skus = [...new Set(lines.map(({ sku }) => sku))];
  const [productRows, priceRows] = await Promise.all([
    readProducts(catalog, { skus, sequence }),
    readPricesOf(catalog, { skus, sequence }),
  ]);
  const products = new Map(productRows.map((row) => [row.id, recordOf<Product>(row)]));
  const prices = Map.groupBy(
    priceRows.map((row) => recordOf<Price>(row)),
    ({ sku }) => sku,
  );
  const standing = standingOf(loaded.customer, channel, company);
  return lines.map(({ sku, quantity, unit }) => {
    const product = products.get(sku);
    const worth = product === undefined ? undefined : unitsOf(product).get(unit ?? product.unit);
    if (product === undefined || worth === undefined) return undefined;
    const own = prices.get(sku) ?? [];
    const contenders = contendersOf(
      product,
      own,
      {
        sources: { ...standing, matches: (who) => whoMatches(who, standing) },
        rules: standing.rules
          .filter((rule) => whatMatches(rule.what, product, company.categories))
          .map((rule) => ({ rule, record: `rule/${rule.id}` })),
        taxRule: company.taxRules.get(standing.customer.taxRule ?? ""),
        list: standing.list,
        currency,
        pricesOfList: (list) => own.filter((price) => price.list === list),
        beaten: "kept",
      },
      company,
    );
    const asked = { value: inBaseUnits(quantity, worth.worth), above: false };
    return pointAt(contenders, at, unit ?? product.unit, asked);
  });
}
