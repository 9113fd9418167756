import { Fault, isZero, unlessZero } from "../cell.ts";
import { problemOf } from "../rows.ts";
import type { ConnectorProblem } from "../translation.ts";
import type { Condition } from "./condition.ts";
import { keyFieldsOf } from "./odata-key.ts";
import { expandedRows, type ODataRow } from "./odata-navigation.ts";
import { rateOf } from "./odata-rate.ts";
import { limitFields, recordRow, validityRow } from "./odata-rows.ts";
import { scaleOf, type ScaleRows } from "./odata-scale.ts";

const toSupplements = ["to_SlsPrcgCndnRecdSuplmnt", "_SlsPrcgCndnRecdSuplmnt", "_Supplement"];

/** A condition record and one of its validities. */
export interface Pair {
  readonly record: ODataRow | undefined;
  readonly validity: ODataRow | undefined;
}

type ConditionFound = { readonly condition: Condition } | { readonly problems: readonly ConnectorProblem[] };

export function conditionOf({ record, validity }: Pair, scales: ScaleRows | undefined): ConditionFound {
  const source = sourceOf(record);
  if (record === undefined || validity === undefined) {
    const message = "A condition record is read with its validity expanded, or the other way round";
    return { problems: [{ source, code: "not_expanded", message }] };
  }
  const fields = recordRow.safeParse(record);
  if (!fields.success) return { problems: fields.error.issues.map((issue) => problemOf(source, issue)) };
  const period = validityRow.safeParse(validity);
  if (!period.success) return { problems: period.error.issues.map((issue) => problemOf(source, issue)) };
  const { data } = fields;
  const rate = rateOf(data);
  if (rate instanceof Fault) return { problems: [{ source, code: rate.code, message: rate.message }] };
  const found = scaleOf(record, data, scales, source);
  if ("problems" in found) return found;
  const releases = [data.ConditionReleaseStatus, period.data.ConditionReleaseStatus];
  const condition: Condition = {
    source,
    key: {
      application: data.ConditionApplication,
      type: data.ConditionType,
      table: data.ConditionTable,
      ...keyFieldsOf(validity),
    },
    from: period.data.ConditionValidityStartDate,
    until: period.data.ConditionValidityEndDate,
    isPassedOver: data.ConditionIsDeleted || releases.some((status) => status !== ""),
    calculationType: data.ConditionCalculationType,
    rate: rate.rate,
    rateUnit: rate.unit,
    quantity: unlessZero(data.ConditionQuantity ?? "0"),
    quantityUnit: data.ConditionQuantityUnit,
    scale: found.scale,
    exclusion: data.ConditionExclusion,
    limits: limitFields.filter((name) => !isZero(data[name] ?? "0")),
    hasSupplements: (expandedRows(record, toSupplements) ?? []).length > 0,
  };
  return { condition };
}

function sourceOf(record: ODataRow | undefined): string {
  const number = record?.["ConditionRecord"];
  return typeof number === "string" ? `condition record ${number}` : "condition record without a number";
}
