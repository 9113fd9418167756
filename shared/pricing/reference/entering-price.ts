import type { Fraction } from "../fraction.ts";
import type { Price } from "../records.ts";
import type { Base, Told } from "./base.ts";
import type { Line } from "./line.ts";
import { ownEach, statedEach } from "./own-price.ts";
import { withoutTax } from "./tax.ts";
import { roundedEach } from "./unit-price.ts";

/** A fitting price as the base price: in the line's currency, net. */
export function enteringPrice(price: Price, line: Line): Base {
  const { per = "1", allowDiscount = true } = price;
  const stated = statedEach(price, price.unit, line);
  if (stated === undefined) throw new RangeError(`Cannot take price ${price.id}: its currency is left out`);
  const record = `price/${price.id}`;
  const isGross =
    line.asked.policy.tax === "entering" && line.asked.find("priceList", price.list)?.taxIncluded === true;
  if (!isGross) {
    const each = asEntered(stated, line);
    return { each, per, allowDiscount, price, told: [{ step: "price", record, each }] };
  }
  const each = asEntered(withoutTax(stated, line), line);
  const told: Told[] = [
    { step: "price", record, each: stated },
    { step: "tax", each },
  ];
  return { each, per, allowDiscount, price, told };
}

/** The product's list price as the base price. */
export function enteringListPrice(line: Line): Base | undefined {
  const stated = ownEach("listPrice", line);
  if (stated === undefined) return undefined;
  const each = asEntered(stated, line);
  const { id, listPrice } = line.product;
  return {
    each,
    per: listPrice?.per ?? "1",
    allowDiscount: true,
    told: [{ step: "listPrice", record: `product/${id}`, each }],
  };
}

function asEntered(each: Fraction, line: Line): Fraction {
  return line.asked.policy.base === "best-line" ? roundedEach(each, line) : each;
}
