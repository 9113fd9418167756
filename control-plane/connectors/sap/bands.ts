import { compare, parseDecimal } from "../../../shared/pricing/fraction.ts";
import type { DecimalText } from "../../../shared/pricing/records.ts";
import { Fault, isZero } from "../cell.ts";
import type { Condition, Scale, ScaleLine } from "./condition.ts";

/** The rates of a condition by quantity or value, in the order in which the first that fits is meant. */
export interface Bands {
  readonly basis: "quantity" | "value";
  readonly shape: "from" | "to" | "graduated";
  readonly bands: readonly Band[];
}

export interface Band {
  readonly rate: DecimalText;
  /** The line's own bound, inclusive: its lower end in a scale `from`, its upper end in the others. */
  readonly bound: DecimalText | undefined;
}

export function bandsOf({ scale, rate, rateUnit }: Condition): Bands | Fault {
  const lines = scale.lines ?? [];
  if (lines.length === 0) {
    return scale.isExpected
      ? new Fault("scales_missing", "The record has a scale, whose lines are not in the payload")
      : { basis: "quantity", shape: "from", bands: [{ rate, bound: undefined }] };
  }
  const basis = basisOf(scale, lines);
  if (basis === undefined) {
    return new Fault(
      "scale_basis_unsupported",
      `Scales by basis ${scale.basis} are not of quantity or value`,
    );
  }
  const shape = shapes.get(scale.type);
  if (shape === undefined) {
    return new Fault("scale_type_unsupported", `Scales of type ${scale.type} are not known`);
  }
  if (lines.some((line) => line.rateUnit !== "" && line.rateUnit !== rateUnit)) {
    return new Fault("scale_unit_differs", "A line of the scale has another currency than the record");
  }
  const bands = lines.map((line) => ({
    rate: line.rate,
    bound: (basis === "quantity" ? line.quantity : line.amount) ?? "0",
  }));
  const sorted = bands.toSorted((a, b) => compare(parseDecimal(a.bound), parseDecimal(b.bound)));
  if (sorted.some(({ bound }, index) => bound === sorted[index + 1]?.bound)) {
    return new Fault("conflicting_scale_lines", "Two lines of the scale have the same bound");
  }
  if (shape !== "from" && sorted.some(({ bound }) => isZero(bound))) {
    return new Fault("conflicting_scale_lines", "A line of the scale ends at nothing");
  }
  return { basis, shape, bands: shape === "from" ? sorted.toReversed() : sorted };
}

/** Whether there are lines at all, and not just the record's own rate. */
export function isScale({ bands }: Bands): boolean {
  return bands.some(({ bound }) => bound !== undefined);
}

const shapes = new Map<string, Bands["shape"]>([
  ["", "from"],
  ["A", "from"],
  ["B", "to"],
  ["D", "graduated"],
]);

function basisOf({ basis }: Scale, lines: readonly ScaleLine[]): Bands["basis"] | undefined {
  if (basis === "C") return "quantity";
  if (basis === "B") return "value";
  if (basis !== "") return undefined;
  const hasAmounts = lines.some(({ amount }) => amount !== undefined && !isZero(amount));
  const hasQuantities = lines.some(({ quantity }) => quantity !== undefined && !isZero(quantity));
  if (hasAmounts && hasQuantities) return undefined;
  return hasAmounts ? "value" : "quantity";
}
