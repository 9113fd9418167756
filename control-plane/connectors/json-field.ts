/** A field of a parsed JSON object; undefined for what is no object, has no such field, or has null in it. */
export function jsonField(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name] ?? undefined;
}

export function isRows(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
