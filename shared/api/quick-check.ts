import type * as z from "zod";

/**
 * A quick yes. Where code can't be made at run time, as in a Worker, zod goes through a schema anew for every value,
 * and most of a request's time went there. Nearly all values are as they should be, and to say only that takes a few
 * comparisons; whatever is not plainly so is left to zod, which says exactly what is wrong.
 */
export type QuickCheck = (value: unknown) => unknown;

/** What a quick check gives for all that it can't say yes to. */
export const unsure = Symbol("unsure");

const leaves = new WeakMap<object, QuickCheck>();

/** Gives a schema a quick check, which must give either what the schema gives or `unsure`. */
export function withQuickCheck<Schema extends z.ZodType>(schema: Schema, check: QuickCheck): Schema {
  leaves.set(schema.def, check); // The definition stays the same when metadata are added.
  return schema;
}

/** The schema's quick check; undefined where something in it has none. */
export function quickCheckOf(schema: z.core.$ZodType): QuickCheck | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const known = leaves.get(def);
  if (known !== undefined) return known;
  switch (def.type) {
    case "object":
      return objectCheck(def);
    case "array":
      return arrayCheck(def);
    case "optional":
      // A missing field is the object's matter.
      return quickCheckOf(def.innerType);
    case "union":
      return unionCheck(def.options);
    case "enum":
      return oneOf(Object.values(def.entries));
    case "literal":
      return oneOf(def.values);
    case "boolean":
      return isPlain(def) ? (value) => (typeof value === "boolean" ? value : unsure) : undefined;
    case "string":
      return stringCheck(def);
    default:
      return undefined;
  }
}

function objectCheck(def: z.core.$ZodObjectDef): QuickCheck | undefined {
  if (!isPlain(def) || def.catchall?._zod.def.type !== "never") return undefined;
  const members = Object.entries(def.shape).map(([name, member]) => ({
    name,
    check: quickCheckOf(member),
    isOptional: member._zod.def.type === "optional",
  }));
  const fields = members.flatMap(({ name, check, isOptional }) =>
    check === undefined ? [] : [{ name, check, isOptional }],
  );
  if (fields.length < members.length) return undefined;
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return unsure;
    const given = value as Readonly<Record<string, unknown>>;
    let missing = 0;
    for (const _ in given) missing++;
    const checked: Record<string, unknown> = {};
    for (const { name, check, isOptional } of fields) {
      const member = given[name];
      if (member === undefined) {
        if (isOptional) continue;
        return unsure;
      }
      const result = check(member);
      if (result === unsure) return unsure;
      checked[name] = result;
      missing--;
    }
    // One that is left over is a field that the schema does not have.
    return missing === 0 ? checked : unsure;
  };
}

function arrayCheck(def: z.core.$ZodArrayDef): QuickCheck | undefined {
  const element = quickCheckOf(def.element);
  const bounds = boundsOf(def);
  if (element === undefined || bounds === undefined) return undefined;
  return (value) => {
    if (!Array.isArray(value) || value.length < bounds.min || value.length > bounds.max) return unsure;
    const checked: unknown[] = [];
    for (const member of value) {
      const result = element(member);
      if (result === unsure) return unsure;
      checked.push(result);
    }
    return checked;
  };
}

function unionCheck(options: readonly z.core.$ZodType[]): QuickCheck | undefined {
  const checks = options.map(quickCheckOf);
  if (checks.includes(undefined)) return undefined;
  return (value) => {
    for (const check of checks) {
      const result = check?.(value);
      if (result !== unsure) return result;
    }
    return unsure;
  };
}

function oneOf(values: readonly unknown[]): QuickCheck {
  return (value) => (values.includes(value) ? value : unsure);
}

function stringCheck(def: z.core.$ZodStringDef): QuickCheck | undefined {
  const bounds = boundsOf(def);
  if (bounds === undefined || def.coerce === true || "format" in def) return undefined;
  return (value) =>
    typeof value === "string" && value.length >= bounds.min && value.length <= bounds.max ? value : unsure;
}

/** The lengths that the checks allow; undefined when these check something else. */
function boundsOf({ checks = [] }: z.core.$ZodTypeDef): { min: number; max: number } | undefined {
  const bounds = { min: 0, max: Infinity };
  for (const { _zod } of checks) {
    const check = _zod.def as
      | z.core.$ZodCheckMinLengthDef
      | z.core.$ZodCheckMaxLengthDef
      | { readonly check: "another" };
    if (check.check === "min_length") bounds.min = Math.max(bounds.min, check.minimum);
    else if (check.check === "max_length") bounds.max = Math.min(bounds.max, check.maximum);
    else return undefined;
  }
  return bounds;
}

function isPlain({ checks }: z.core.$ZodTypeDef): boolean {
  return checks === undefined || checks.length === 0;
}
