import type * as z from "zod";
import { parseDecimal } from "../../../shared/pricing/fraction.ts";
import { formatDecimal, round } from "../../../shared/pricing/rounding.ts";
import { Fault, isZero, missing } from "../cell.ts";
import { exactDecimal } from "../number-text.ts";
import type { rateRow } from "./odata-rows.ts";

const placesOfValue = 3;

/**
 * A rate and its currency or `%`. Newer releases give it twice: with three places, and as amount or ratio with nine.
 * The longer one counts. They differ in more than the places when a service shifted the decimals of a currency that
 * has other than two, and then nobody can say which is right.
 */
export function rateOf(row: z.output<typeof rateRow>): { rate: string; unit: string } | Fault {
  const unit =
    row.ConditionRateValueUnit || row.ConditionCurrency || (row.ConditionRateRatioUnit === "" ? "" : "%");
  const long = unit === "%" ? row.ConditionRateRatio : row.ConditionRateAmount;
  const short = row.ConditionRateValue;
  if (long === undefined || isZero(long)) return short === undefined ? missing : { rate: short, unit };
  if (short === undefined || isZero(short) || short === shortened(long)) return { rate: long, unit };
  return new Fault("rate_conflict", `The record has the rates ${short} and ${long}`);
}

function shortened(rate: string): string | undefined {
  return exactDecimal(
    formatDecimal(round(parseDecimal(rate), placesOfValue, "half-up"), placesOfValue, placesOfValue),
  );
}
