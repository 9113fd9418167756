import { currenciesOf, pairOf } from "./currency.ts";
import { isOfView } from "./fitting.ts";
import type { Line } from "./line.ts";

/** Whether anything that could make the customer a price names the currency. */
export function isNamed(currency: string, { asked, buyer, product }: Line): boolean {
  return [
    ...asked
      .all("price")
      .filter(
        (price) =>
          price.sku === product.id && isOfView(price, { ...buyer, lists: buyer.allLists, everyone: true }),
      )
      .filter((price) => buyer.matches(price.who))
      .map((price) => price.currency),
    product.listPrice?.currency,
    product.cost?.currency,
    ...asked.all("rate").flatMap(pairOf),
    ...asked.all("customer").map((customer) => customer.currency),
    ...asked.all("priceList").map((list) => list.currency),
    ...asked.all("rule").flatMap((rule) => [rule.currency, ...currenciesOf(rule)]),
    asked.policy.currency,
  ].includes(currency);
}
