import { AsyncLocalStorage } from "node:async_hooks";

const requestIds = new AsyncLocalStorage<string>();

/** Runs `work`, in which every log line carries the request's id. */
export function withRequestId<Result>(requestId: string, work: () => Result): Result {
  return requestIds.run(requestId, work);
}

/**
 * Writes one line of JSON to the log. Fields must hold no body, key or token. An error is written with its stack
 * and its causes.
 */
export function log(event: string, fields: Readonly<Record<string, unknown>>): void {
  const line = { event, requestId: requestIds.getStore(), ...fields };
  console.log(JSON.stringify(line, (_key, value: unknown) => readable(value)));
}

function readable(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return { name, message, stack, ...(cause === undefined ? {} : { cause }) };
}
