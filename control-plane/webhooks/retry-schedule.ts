/**
 * The pauses after each failed attempt, in seconds: those that the Standard Webhooks specification recommends, about
 * three days in all.
 */
const pauses = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/**
 * How long to wait after so many failed attempts, or undefined when there were enough. A fifth more or less, so that
 * messages which failed together are not sent together again.
 *
 * @param random from 0 to 1
 */
export function pauseMilliseconds(failedAttempts: number, random: number): number | undefined {
  const seconds = pauses[failedAttempts - 1];
  return seconds === undefined ? undefined : Math.round(seconds * 1000 * (0.8 + 0.4 * random));
}
