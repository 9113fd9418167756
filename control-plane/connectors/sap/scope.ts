import type { Attributes, What, Who } from "../../../shared/pricing/records.ts";
import { Fault } from "../cell.ts";
import type { ConditionKey } from "./condition.ts";
import { customerAttributes, keyFields, materialAttributes, type KeyField } from "./key-fields.ts";
import { channelsOf } from "./sales-area.ts";
import type { SapOptions } from "./options.ts";

/** Who and what a key is about, in records' words. */
export interface KeyScope {
  readonly customer: string | undefined;
  readonly list: string | undefined;
  readonly group: string | undefined;
  readonly channels: readonly string[] | undefined;
  readonly customerAttributes: Attributes | undefined;
  readonly sku: string | undefined;
  readonly category: string | undefined;
  readonly materialAttributes: Attributes | undefined;
  /** The document's currency. */
  readonly currency: string | undefined;
  /** The unit of the order line. */
  readonly unit: string | undefined;
}

export function scopeOf(key: ConditionKey, options: SapOptions): KeyScope | Fault {
  const [unread] = key.unread;
  if (unread !== undefined) {
    return new Fault("key_field_unsupported", `The key's field ${unread} has no place in records`);
  }
  const customer = onlyOne(key, ["KUNNR", "KUNAG", "HIENR"]);
  if (customer instanceof Fault) return customer;
  const category = onlyOne(key, ["MATKL", "PRODH"]);
  if (category instanceof Fault) return category;
  const channels = channelsOf(key, options);
  if (channels instanceof Fault) return channels;
  const unit = key.fields.get("VRKME");
  return {
    customer,
    list: key.fields.get("PLTYP"),
    group: key.fields.get("KONDA"),
    channels,
    customerAttributes: attributesOf(key, customerAttributes),
    sku: key.fields.get("MATNR"),
    category,
    materialAttributes: attributesOf(key, materialAttributes),
    currency: key.fields.get("WAERK"),
    unit: unit === undefined ? undefined : unitOf(unit, options),
  };
}

/** The unit as products have it. */
export function unitOf(unit: string, { units }: SapOptions): string {
  return (Object.hasOwn(units, unit) ? units[unit] : undefined) ?? unit;
}

export function whoOf(who: Who): Who | undefined {
  return Object.values(who).some((wanted) => wanted !== undefined) ? who : undefined;
}

export function whatOf(what: What): What | undefined {
  return Object.values(what).some((wanted) => wanted !== undefined) ? what : undefined;
}

/** Of fields that become one word of ours, a key can have one only, since both would have to match. */
function onlyOne(key: ConditionKey, names: readonly KeyField[]): string | undefined | Fault {
  const [first, second] = names.filter((name) => key.fields.has(name));
  if (second !== undefined) {
    return new Fault("key_combination_unsupported", `The key has both ${first} and ${second}`);
  }
  return first === undefined ? undefined : key.fields.get(first);
}

function attributesOf(key: ConditionKey, names: readonly KeyField[]): Attributes | undefined {
  const given = names.flatMap((name) => {
    const value = key.fields.get(name);
    return value === undefined ? [] : [[keyFields[name], value] as const];
  });
  return given.length === 0 ? undefined : Object.fromEntries(given);
}
