/**
 * Writes one line of JSON to the log. Fields must hold no body, key or token. An error is written with its stack
 * and its causes.
 */
export function log(event: string, fields: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ event, ...fields }, (_key, value: unknown) => readable(value)));
}

function readable(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return { name, message, stack, ...(cause === undefined ? {} : { cause }) };
}
