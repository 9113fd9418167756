import type { Context } from "hono";
import { setMetric } from "hono/timing";

/** Does the work and puts how long it took into `Server-Timing`; at once where there is nothing to wait for. */
export function timed<Result>(
  c: Context,
  name: string,
  work: () => Result | Promise<Result>,
): Result | Promise<Result> {
  const start = performance.now();
  const done = () => setMetric(c, name, performance.now() - start);
  const result = work();
  if (result instanceof Promise) return result.finally(done);
  done();
  return result;
}
