import { Fault, unlessZero } from "../cell.ts";
import type { Condition, ConditionKey, ScaleLine } from "./condition.ts";
import {
  dayField,
  decimalField,
  fieldsOf,
  isSet,
  requiredDecimal,
  segmentsOf,
  type SegmentFields,
} from "./idoc-segment.ts";
import type { XmlElement } from "./idoc-xml.ts";

const limitFields = ["ANZAUF", "MIKBAS", "MXKBAS", "KOMXWRT", "KLF_KAL"] as const;

/** One period of the key: an E1KONH segment with its first E1KONP. */
export function conditionOfSegment(header: XmlElement, key: ConditionKey, source: string): Condition | Fault {
  const period = fieldsOf(header);
  const from = dayField(period, "DATAB");
  if (from instanceof Fault) return from;
  const until = dayField(period, "DATBI");
  if (until instanceof Fault) return until;
  const [item, supplement] = segmentsOf(header, "E1KONP");
  if (item === undefined) return new Fault("missing_field", "E1KONP: The segment is not in the payload");
  const fields = fieldsOf(item);
  const rate = requiredDecimal(fields, "KBETR");
  if (rate instanceof Fault) return rate;
  const quantity = decimalField(fields, "KPEIN");
  if (quantity instanceof Fault) return quantity;
  const rateUnit = fields.get("KONWA") ?? "";
  const lines = linesOf(item);
  if (lines instanceof Fault) return lines;
  return {
    source,
    key,
    from,
    until,
    isPassedOver: isSet(fields, "LOEVM_KO") || fields.has("KFRST") || period.has("KFRST"),
    calculationType: fields.get("KRECH") ?? "",
    rate,
    rateUnit,
    quantity: unlessZero(quantity ?? "0"),
    quantityUnit: fields.get("KMEIN") ?? "",
    scale: {
      type: fields.get("STFKZ") ?? "",
      basis: basisOf(fields, item),
      unit: fields.get("KONMS") ?? "",
      currency: fields.get("KONWS") ?? "",
      isExpected: isSet(fields, "KLF_STG"),
      lines,
    },
    exclusion: fields.get("KZNEP") ?? "",
    limits: limitFields.filter((name) => isSet(fields, name)),
    hasSupplements: supplement !== undefined,
  };
}

/** Scales by weight and volume are in E1KONM as well; only KZBZG tells. */
function basisOf(fields: SegmentFields, item: XmlElement): string {
  return fields.get("KZBZG") ?? (segmentsOf(item, "E1KONW").length > 0 ? "B" : "");
}

function linesOf(item: XmlElement): readonly ScaleLine[] | Fault {
  const lines: ScaleLine[] = [];
  for (const segment of item.children) {
    if (segment.name !== "E1KONM" && segment.name !== "E1KONW") continue;
    const fields = fieldsOf(segment);
    const rate = requiredDecimal(fields, "KBETR");
    if (rate instanceof Fault) return rate;
    const bound = requiredDecimal(fields, segment.name === "E1KONM" ? "KSTBM" : "KSTBW");
    if (bound instanceof Fault) return bound;
    const isQuantity = segment.name === "E1KONM";
    lines.push({
      quantity: isQuantity ? bound : undefined,
      amount: isQuantity ? undefined : bound,
      rate,
      rateUnit: "",
    });
  }
  return lines;
}
