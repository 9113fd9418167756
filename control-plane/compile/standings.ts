import type { Company } from "../../shared/pricing/company.ts";
import type { Customer } from "../../shared/pricing/records.ts";
import { standingOf, type Standing } from "../../shared/pricing/standing.ts";

/** One customer's standing by channel; "" is for no channel and all that no record names. */
export type StandingByChannel = ReadonlyMap<string, Standing>;

// A bucket's customers are asked for once for each of its steps, and a standing takes about two kilobytes.
const standingsMax = 2_000;

/** Where customers stand, worked out when it is asked for: of all customers that would fill a Worker's memory. */
export class Standings {
  readonly #company: Company;
  readonly #channels: readonly string[];
  readonly #recent = new Map<string, StandingByChannel>();

  /** @param channels all that some record names */
  constructor(company: Company, channels: readonly string[]) {
    this.#company = company;
    this.#channels = channels;
  }

  /** Undefined for who has no prices: a blocked customer, or none. */
  get(id: string): StandingByChannel | undefined {
    const known = this.#recent.get(id);
    const customer = this.#company.customers.get(id);
    if (known !== undefined || customer === undefined || customer.status === "blocked") return known;
    const standings = standingsOf(customer, this.#channels, this.#company);
    this.#recent.set(id, standings);
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > standingsMax && oldest !== undefined) this.#recent.delete(oldest);
    return standings;
  }
}

export function standingsOf(
  customer: Customer,
  channels: readonly string[],
  company: Company,
): StandingByChannel {
  return new Map(
    ["", ...channels].map((channel) => [
      channel,
      standingOf(customer, channel === "" ? undefined : channel, company),
    ]),
  );
}
