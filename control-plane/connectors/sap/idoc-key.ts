import { Fault } from "../cell.ts";
import type { ConditionKey } from "./condition.ts";
import type { SegmentFields } from "./idoc-segment.ts";
import { isKeyField, type KeyField } from "./key-fields.ts";

/**
 * The key of an E1KOMG segment. A company's own key fields are in VAKEY only, which has the values of all key
 * fields one behind the other; so every part of it must be a field's value, or we would not know what the key is.
 */
export function keyOfSegment(segment: SegmentFields): ConditionKey | Fault {
  const fields = new Map<KeyField, string>();
  const unread: string[] = [];
  for (const [name, value] of segment) {
    if (notOfTheKey.has(name)) continue;
    if (isKeyField(name)) fields.set(name, value);
    else if (!isInitial(name, value)) unread.push(name);
  }
  const long = segment.get("VAKEY_LONG");
  const short = segment.get("MATNR");
  const material = segment.get("MATNR_LONG") ?? short;
  if (material !== undefined) fields.set("MATNR", material);
  const variableKey = long ?? segment.get("VAKEY") ?? "";
  const values = [...segment].filter(([name]) => name !== "MATNR" && !notOfTheKey.has(name));
  const inKey = long === undefined ? (short ?? material) : material;
  if (!isMadeOf(variableKey, [...values.map(([, value]) => value), inKey ?? ""])) {
    return new Fault("key_incomplete", `The key ${variableKey} has a part that no field of E1KOMG has`);
  }
  return {
    application: segment.get("KAPPL") ?? "",
    type: segment.get("KSCHL") ?? "",
    table: segment.get("KOTABNR") ?? "",
    fields,
    unread,
  };
}

const notOfTheKey = new Set([
  "KVEWE",
  "KOTABNR",
  "KAPPL",
  "KSCHL",
  "VAKEY",
  "VAKEY_LONG",
  "VAKEY_50",
  "MATNR_LONG",
  "KFRST",
  "KBSTAT",
]);

/** Number fields that are not of the key are there as zeros. In a tax classification a zero is a value. */
function isInitial(name: string, value: string): boolean {
  return /^[0. ]*$/.test(value) && !/^TAX[KM]/.test(name);
}

const stepsMax = 10_000;

/** Whether the text is some of the values one behind the other, each once, with blanks between them. */
function isMadeOf(text: string, values: readonly string[]): boolean {
  let steps = 0;
  const startsWithSome = (rest: string, left: readonly string[]): boolean => {
    if (rest === "") return true;
    // Nobody's key takes so many tries; a made-up one must not keep us busy.
    if (++steps > stepsMax) return false;
    return left.some(
      (value, index) =>
        rest.startsWith(value) &&
        left.indexOf(value) === index &&
        startsWithSome(rest.slice(value.length).trimStart(), left.toSpliced(index, 1)),
    );
  };
  return startsWithSome(
    text.trimStart(),
    values.filter((value) => value !== ""),
  );
}
