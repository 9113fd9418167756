import type { Customer, Price } from "../../shared/pricing/records.ts";
import { formatDecimal } from "../../shared/pricing/rounding.ts";
import { RandomIntegers } from "./random-integers.ts";
import { tenThousandths } from "./source-decimal.ts";
import { isOnSale, type SourceProduct } from "./source-products.ts";

const storesWithContract = 60;
const skusMin = 20;
const skusMax = 60;

/** A time that a contract's prices hold for. Ids have its name and not its dates, so that each year replaces the last. */
interface Term {
  readonly name: string;
  readonly from?: string;
  readonly until?: string;
}

/**
 * Contract prices for some of the stores. The source has none: these are made up, from seeds that name the store,
 * so that each store's contract is its own and only its windows depend on the year.
 */
export function contracts(
  stores: readonly Customer[],
  sources: Iterable<SourceProduct>,
  presentYear: number,
): readonly Price[] {
  const onSale = [...sources].filter(isOnSale);
  return new RandomIntegers("stores with a contract")
    .pick(stores, storesWithContract)
    .flatMap((store, index) => {
      const random = new RandomIntegers(`contract of ${store.id}`);
      const bought = random.pick(onSale, skusMin + random.below(skusMax - skusMin + 1));
      const terms = termsOf(index, presentYear);
      const netPrices = index % 12 === 5;
      return bought.flatMap((product) => {
        const tiered = random.below(10) < 3;
        return terms.flatMap((term) =>
          tiersOf(product, tiered, random).map(({ minQuantity, cents }) => ({
            type: "price" as const,
            id: `contract-${store.id}-${product.ProductNumber}-${term.name}-from-${minQuantity ?? "1"}`,
            customer: store.id,
            sku: product.ProductNumber,
            currency: "USD",
            amount: formatDecimal(cents, 2, 2),
            ...(minQuantity === undefined ? {} : { minQuantity }),
            ...(term.from === undefined ? {} : { from: term.from }),
            ...(term.until === undefined ? {} : { until: term.until }),
            ...(netPrices ? { allowDiscount: false } : {}),
          })),
        );
      });
    });
}

/** Every third contract is renewed on 1 July, every sixth holds in winter only, the others have no end. */
function termsOf(index: number, year: number): readonly Term[] {
  if (index % 3 === 1) {
    return [
      { name: "ending", from: `${year - 1}-07-01`, until: `${year}-06-30` },
      { name: "renewed", from: `${year}-07-01`, until: `${year + 1}-06-30` },
    ];
  }
  if (index % 6 === 0) {
    return [
      { name: "last-winter", from: `${year - 1}-11-01`, until: `${year}-01-31` },
      { name: "winter", from: `${year}-11-01`, until: `${year + 1}-01-31` },
    ];
  }
  return [{ name: "open" }];
}

interface Tier {
  readonly minQuantity?: string;
  readonly cents: bigint;
}

/** One price, or three that fall with the quantity; all from 5 % above the cost to 3 % below the list price. */
function tiersOf(product: SourceProduct, tiered: boolean, random: RandomIntegers): readonly Tier[] {
  // 10,000 × 100: from ten-thousandths of a dollar at so many percent to cents is a division by 10,000.
  const lowest = (tenThousandths(product.StandardCost) * 105n + 9_999n) / 10_000n;
  const highest = (tenThousandths(product.ListPrice) * 97n) / 10_000n;
  const first = between(lowest, highest, random);
  if (!tiered) return [{ cents: first }];
  const fromTen = between(lowest, first, random);
  const fromTwentyFive = between(lowest, fromTen, random);
  return [
    { cents: first },
    { minQuantity: "10", cents: fromTen },
    { minQuantity: "25", cents: fromTwentyFive },
  ];
}

/** Both ends included, in steps of a thousandth of the way. */
function between(low: bigint, high: bigint, random: RandomIntegers): bigint {
  return low + ((high - low) * BigInt(random.below(1_001))) / 1_000n;
}
