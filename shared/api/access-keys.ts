import * as z from "zod";
import { Problem } from "./problem.ts";

// Access changes its key every six weeks, and the one before stays valid for a week.
const freshMilliseconds = 3_600_000;
// How often made-up key ids can have us ask, and how long we go without an answer.
const askAgainMilliseconds = 60_000;
const keptMilliseconds = 24 * 3_600_000;
const waitMilliseconds = 5_000;

const certificates = z.looseObject({
  keys: z.array(
    z.looseObject({ kid: z.string(), kty: z.literal("RSA"), n: z.string(), e: z.string() }).readonly(),
  ),
});
type Key = z.output<typeof certificates>["keys"][number];

interface Known {
  readonly keys: readonly Key[];
  readonly at: number;
}

/** The public keys of a team's sign-ins, kept in memory and asked for again when they are old or one is unknown. */
export class AccessKeys {
  readonly #known = new Map<string, Known>();
  readonly #askedAt = new Map<string, number>();

  /**
   * All keys, the one with this id among them if there is one.
   * @throws {Problem} `store_unavailable`, where none are known and none can be had
   */
  async having(kid: string, domain: string): Promise<Key[]> {
    const now = Date.now();
    const known = this.#known.get(domain);
    const isFresh = known !== undefined && now < known.at + freshMilliseconds;
    const isThere = known?.keys.some((key) => key.kid === kid) === true;
    const mayAsk = now >= (this.#askedAt.get(domain) ?? -Infinity) + askAgainMilliseconds;
    if ((isFresh && isThere) || (known !== undefined && !mayAsk)) return [...known.keys];
    this.#askedAt.set(domain, now);
    try {
      const keys = await fetchKeys(domain);
      this.#known.set(domain, { keys, at: now });
      return [...keys];
    } catch (cause) {
      if (known !== undefined && now < known.at + keptMilliseconds) return [...known.keys];
      this.#askedAt.delete(domain);
      throw new Problem("store_unavailable", { cause, headers: { "Retry-After": "2" } });
    }
  }
}

async function fetchKeys(domain: string): Promise<readonly Key[]> {
  const response = await fetch(`https://${domain}/cdn-cgi/access/certs`, {
    signal: AbortSignal.timeout(waitMilliseconds),
    redirect: "error",
  });
  if (!response.ok) throw new Error(`The certificates of ${domain} can't be had: ${response.status}`);
  return certificates.parse(await response.json()).keys;
}
