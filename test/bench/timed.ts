/** How long some work takes, in milliseconds, with what it gives. */
export async function timed<Result>(work: () => Result | Promise<Result>): Promise<[number, Result]> {
  const start = performance.now();
  const result = await work();
  return [performance.now() - start, result];
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** For a table: few digits, whatever the size. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** For a table: a measured ratio beside what it has to be. */
export function judged(ratio: number, bound: { readonly atMost: number } | { readonly atLeast: number }) {
  const [word, limit] = "atMost" in bound ? ["at most", bound.atMost] : ["at least", bound.atLeast];
  const holds = "atMost" in bound ? ratio <= bound.atMost : ratio >= bound.atLeast;
  return { ratio: rounded(ratio), target: `${word} ${rounded(limit)}`, reached: holds ? "yes" : "no" };
}
