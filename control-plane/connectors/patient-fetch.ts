/** How an ERP is asked: with an end to waiting, and once more when it says that it is busy. */
export interface Patience {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly timeoutMilliseconds?: number | undefined;
  readonly triesMax?: number | undefined;
}

const timeoutDefault = 60_000;
const triesDefault = 5;
const waitMax = 60_000;
const busy = new Set([429, 503]);

/**
 * The text of an answer.
 * @throws {Error} for any status but 200, and when the ERP stays busy or silent
 */
export async function fetchPatiently(url: string, init: RequestInit, patience: Patience): Promise<string> {
  const triesMax = patience.triesMax ?? triesDefault;
  for (let attempt = 1; ; attempt++) {
    const signal = AbortSignal.timeout(patience.timeoutMilliseconds ?? timeoutDefault);
    // A redirect could lead credentials to another origin.
    const answer = await patience.fetch(url, { ...init, redirect: "manual", signal });
    if (answer.status === 200) return answer.text();
    await answer.body?.cancel();
    if (!busy.has(answer.status) || attempt >= triesMax) {
      throw new Error(`Cannot read ${url} after ${attempt} tries: the ERP answered ${answer.status}`);
    }
    await patience.sleep(waitFor(answer.headers.get("retry-after"), attempt));
  }
}

/** What `Retry-After` asks for in seconds, else twice as long each time. */
function waitFor(retryAfter: string | null, attempt: number): number {
  const asked =
    retryAfter !== null && /^[0-9]{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1000 : undefined;
  return Math.min(asked ?? 500 * 2 ** attempt, waitMax);
}
