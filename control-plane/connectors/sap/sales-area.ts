import { Fault } from "../cell.ts";
import type { ConditionKey } from "./condition.ts";
import type { SalesArea, SapOptions } from "./options.ts";

/**
 * The channels that a key's sales area stands for; undefined where it says nothing. A key without, say, a division
 * is for all divisions.
 */
export function channelsOf(key: ConditionKey, options: SapOptions): readonly string[] | undefined | Fault {
  const area = areaFields.flatMap(([field, part]) => {
    const value = key.fields.get(field);
    return value === undefined ? [] : [{ part, value }];
  });
  if (area.length === 0) return undefined;
  const agrees = (declared: SalesArea) =>
    area.every(({ part, value }) => declared[part] === undefined || declared[part] === value);
  if (options.salesArea !== undefined && agrees(options.salesArea)) return undefined;
  const channels = Object.entries(options.channels ?? {}).filter(([, declared]) => agrees(declared));
  if (channels.length > 0) return channels.map(([channel]) => channel);
  const named = area.map(({ value }) => value).join("/");
  return new Fault("sales_area_undeclared", `The options don't declare the sales area ${named}`);
}

const areaFields = [
  ["VKORG", "salesOrganization"],
  ["VTWEG", "distributionChannel"],
  ["SPART", "division"],
] as const;
