import { parseDecimal } from "../../shared/pricing/fraction.ts";
import { formatDecimal, round } from "../../shared/pricing/rounding.ts";

/** Decimals of the source have up to four places and no leading zero, such as `.8565` and `34.9900`. */
const sourcePlaces = 4;

/** An amount of the source, exact, with two to four places. */
export function amountText(source: string): string {
  return formatDecimal(tenThousandths(source), sourcePlaces, 2);
}

/** A share such as `.0200` as a percentage such as `2`, exact. */
export function percentText(share: string): string {
  return formatDecimal(tenThousandths(share), sourcePlaces - 2, 0);
}

export function isZero(source: string): boolean {
  return tenThousandths(source) === 0n;
}

export function tenThousandths(source: string): bigint {
  const scaled = round(parseDecimal(source), sourcePlaces, "down");
  if (scaled !== round(parseDecimal(source), sourcePlaces, "up")) {
    throw new RangeError(`Cannot read a decimal as it has over ${sourcePlaces} places: ${source}`);
  }
  return scaled;
}
