import type { Context } from "hono";
import { setMetric } from "hono/timing";

/**
 * Does the work and puts how long it was waited for into `Server-Timing`. What is there at once is not measured: a
 * Worker's clock stands still meanwhile, and looking at it would take longer than the work.
 */
export function timed<Result>(
  c: Context,
  name: string,
  work: () => Result | Promise<Result>,
): Result | Promise<Result> {
  const result = work();
  if (!(result instanceof Promise)) return result;
  const start = performance.now();
  return result.finally(() => setMetric(c, name, performance.now() - start));
}
