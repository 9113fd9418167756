import type * as z from "zod";
import { Fault } from "../cell.ts";
import { problemOf } from "../rows.ts";
import type { ConnectorProblem } from "../translation.ts";
import type { Scale } from "./condition.ts";
import { expandedRows, isODataRow, type ODataRow } from "./odata-navigation.ts";
import { rateOf } from "./odata-rate.ts";
import { scaleRow, type recordRow } from "./odata-rows.ts";

const toScales = [
  "to_SlsPrcgCndnRecordScale",
  "_SlsPrcgCndnRecordScale",
  "_SlsPricingCndnRecdScale",
  "_Scale",
];

export type ScaleRows = ReadonlyMap<unknown, readonly ODataRow[]>;

export function scaleRowsByRecord(rows: readonly unknown[]): ScaleRows {
  return Map.groupBy(rows.filter(isODataRow), (row) => row["ConditionRecord"]);
}

type ScaleFound = { readonly scale: Scale } | { readonly problems: readonly ConnectorProblem[] };

/** The scale of a record, with its lines where they are: under the record, or among those asked for apart. */
export function scaleOf(
  row: ODataRow,
  record: z.output<typeof recordRow>,
  apart: ScaleRows | undefined,
  source: string,
): ScaleFound {
  const rows =
    apart === undefined
      ? expandedRows(row, toScales)
      : (apart.get(record.ConditionRecord) ?? []).filter((line) => isOfRecord(line, record));
  const lines: NonNullable<Scale["lines"]>[number][] = [];
  const problems: ConnectorProblem[] = [];
  let [unit, currency] = [record.ConditionScaleQuantityUnit, record.ConditionScaleAmountCurrency];
  for (const line of rows ?? []) {
    const found = scaleRow.safeParse(line);
    if (!found.success) {
      problems.push(...found.error.issues.map((issue) => problemOf(source, issue)));
      continue;
    }
    const { data } = found;
    const rate = rateOf(data);
    if (rate instanceof Fault) {
      problems.push({ source, code: rate.code, message: rate.message });
      continue;
    }
    if (data.ConditionScaleQuantityUnit !== "") unit = data.ConditionScaleQuantityUnit;
    if (data.ConditionScaleAmountCurrency !== "") currency = data.ConditionScaleAmountCurrency;
    lines.push({
      quantity: data.ConditionScaleQuantity,
      amount: data.ConditionScaleAmount,
      rate: rate.rate,
      rateUnit: rate.unit,
    });
  }
  if (problems.length > 0) return { problems };
  return {
    scale: {
      type: record.PricingScaleType,
      basis: record.PricingScaleBasis,
      unit,
      currency,
      isExpected: isExpected(record, rows),
      lines: rows === undefined ? undefined : lines,
    },
  };
}

/** Supplements of a record have scales of their own, under other sequential numbers. */
function isOfRecord(line: ODataRow, record: z.output<typeof recordRow>): boolean {
  const number = line["ConditionSequentialNumber"];
  const wanted = record.ConditionSequentialNumber;
  return wanted === "" || typeof number !== "string" || withoutZeros(number) === withoutZeros(wanted);
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+/, "");
}

/** `PricingScaleLine` counts the lines; without it a basis says that there may be some. */
function isExpected(record: z.output<typeof recordRow>, rows: readonly unknown[] | undefined): boolean {
  if (record.PricingScaleLine !== "") return withoutZeros(record.PricingScaleLine) !== "";
  return rows === undefined && record.PricingScaleBasis !== "";
}
