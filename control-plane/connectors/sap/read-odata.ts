import { conditionOf, type Pair } from "./odata-condition.ts";
import { expandedRow, expandedRows, isODataRow } from "./odata-navigation.ts";
import { scaleRowsByRecord } from "./odata-scale.ts";
import type { ReadConditions } from "./translate-conditions.ts";

// The names of version 2, then those of the released views that version 4 services are made of.
const toRecord = ["to_SlsPrcgConditionRecord", "_SlsPrcgConditionRecord", "_ConditionRecord"];
const toValidities = ["to_SlsPrcgCndnRecdValidity", "_SlsPrcgCndnRecdValidity", "_Validity"];

/**
 * The conditions of condition records with their validities expanded, or of validities with their records expanded.
 * Scales that were asked for apart, as some tenants need, come as `scaleRows`: of all the records, or not at all.
 */
export function readODataConditions(
  rows: readonly unknown[],
  scaleRows?: readonly unknown[],
): ReadConditions {
  const scales = scaleRows === undefined ? undefined : scaleRowsByRecord(scaleRows);
  const read = rows.flatMap(pairsOf).map((pair) => conditionOf(pair, scales));
  const conditions = read.flatMap((one) => ("condition" in one ? [one.condition] : []));
  return {
    conditions,
    problems: read.flatMap((one) => ("problems" in one ? one.problems : [])),
    complete: conditions.map(({ key, from, source }) => ({ key, period: { from }, sources: [source] })),
  };
}

/** A record with each of its validities. */
function pairsOf(row: unknown): readonly Pair[] {
  if (!isODataRow(row)) return [{ record: undefined, validity: undefined }];
  const record = expandedRow(row, toRecord);
  if (record !== undefined) return [{ record, validity: row }];
  const validities = expandedRows(row, toValidities);
  if (validities === undefined || validities.length === 0) return [{ record: row, validity: undefined }];
  return validities.map((validity) => ({
    record: row,
    validity: isODataRow(validity) ? validity : undefined,
  }));
}
