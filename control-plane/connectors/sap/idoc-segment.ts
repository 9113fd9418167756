import { Fault, isZero, missing } from "../cell.ts";
import type { XmlElement } from "./idoc-xml.ts";
import { sapDay, sapDecimal } from "./sap-text.ts";

/** The fields of a segment, without the blanks that fill them up behind; initial fields are not there. */
export type SegmentFields = ReadonlyMap<string, string>;

export function fieldsOf(segment: XmlElement): SegmentFields {
  return new Map(
    segment.children
      .filter(({ children }) => children.length === 0)
      .map(({ name, text }) => [name, text.trimEnd()] as const)
      .filter(([, text]) => text !== ""),
  );
}

export function segmentsOf(parent: XmlElement, name: string): readonly XmlElement[] {
  return parent.children.filter((child) => child.name === name);
}

export function decimalField(fields: SegmentFields, name: string): string | undefined | Fault {
  const text = fields.get(name);
  if (text === undefined) return undefined;
  return sapDecimal(text) ?? new Fault("not_a_decimal", `${name}: ${text} is no decimal`);
}

export function requiredDecimal(fields: SegmentFields, name: string): string | Fault {
  return decimalField(fields, name) ?? new Fault(missing.code, `${name}: ${missing.message}`);
}

export function dayField(fields: SegmentFields, name: string): string | undefined | Fault {
  const text = fields.get(name);
  if (text === undefined) return new Fault(missing.code, `${name}: ${missing.message}`);
  const day = sapDay(text);
  return day === null ? new Fault("invalid_date", `${name}: ${text} is no day`) : day;
}

/** Whether the field says more than nothing; what is no number does. */
export function isSet(fields: SegmentFields, name: string): boolean {
  const text = fields.get(name);
  if (text === undefined) return false;
  const decimal = sapDecimal(text);
  return decimal === undefined || !isZero(decimal);
}
