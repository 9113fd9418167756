import { position, type Row } from "./row.ts";

/** The order in which Tryton tries the lines of a list or rule: by sequence, empty first, then by id. */
export function compareLines(a: Row, b: Row): number {
  const [first, second] = [position(a, "sequence"), position(b, "sequence")];
  if (first !== second) return (first ?? -Infinity) < (second ?? -Infinity) ? -1 : 1;
  return (position(a, "id") ?? 0) - (position(b, "id") ?? 0);
}
