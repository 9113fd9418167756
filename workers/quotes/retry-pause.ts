const firstMilliseconds = 1_000;
const cap = 900_000;

/** How long to wait after so many attempts in vain: twice as long each time, up to a quarter of an hour. */
export function retryPause(attempts: number): number {
  return Math.min(firstMilliseconds * 2 ** Math.min(attempts, 20), cap);
}
