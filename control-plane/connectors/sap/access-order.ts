import type { ConnectorProblem } from "../translation.ts";
import type { Condition } from "./condition.ts";
import { roleOf } from "./obstacle.ts";
import type { SapOptions } from "./options.ts";

/**
 * Conditions of which an access sequence would take one, and we can't tell which: rules of one type from several
 * tables without a declared order, and prices that are the same customer's, list's or group's for one material.
 */
export function unorderedAccesses(
  conditions: readonly Condition[],
  options: SapOptions,
): readonly ConnectorProblem[] {
  const inForce = conditions.filter(({ isPassedOver }) => !isPassedOver);
  const alike = Map.groupBy(inForce, ({ key }) => {
    const role = roleOf(key.type, options);
    if (role === "rule" && !Object.hasOwn(options.accesses, key.type)) return `rules of ${key.type}`;
    if (role === "price") return `prices of ${ownerText(key.fields)}`;
    return undefined;
  });
  return [...alike].flatMap(([name, members]) => {
    const tables = new Set(members.map(({ key }) => key.table));
    if (name === undefined || tables.size < 2) return [];
    const message = `The ${name} are from the tables ${[...tables].join(", ")}, whose order is not known`;
    return members.map(({ source }) => ({ source, code: "access_sequence_undeclared", message }));
  });
}

function ownerText(fields: Condition["key"]["fields"]): string {
  const owner = (["KUNNR", "KUNAG", "HIENR", "PLTYP", "KONDA"] as const).find((name) => fields.has(name));
  return `${owner === undefined ? "everyone" : fields.get(owner)} for ${fields.get("MATNR")}`;
}
