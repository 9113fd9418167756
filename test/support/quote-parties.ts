import { expect } from "vitest";
import type { Role } from "../../shared/api/callers.ts";
import type { CommandName } from "../../shared/quoting/command.ts";
import type { Planes } from "./planes.ts";
import { Shop, type Answer, type ProblemBody } from "./price-questions.ts";

/** A quote as its reader gets it, as far as tests look into it. */
export interface QuoteBody {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly customer: string;
  readonly currency: string;
  readonly revisions: number;
  readonly revision: {
    readonly number: number;
    readonly by: string;
    readonly total: string;
    readonly discountPercent?: string;
    readonly validUntil?: string;
    readonly snapshot: { readonly id: string; readonly sequence: number };
    readonly lines: readonly QuoteLineBody[];
  };
  readonly comments: readonly { readonly text: string }[];
  readonly allowed: readonly CommandName[];
  readonly approval?: {
    readonly asked: readonly object[];
    readonly tiers: readonly {
      readonly tier: number;
      readonly status: string;
      readonly causes: readonly { readonly policy: string; readonly line?: string }[];
      readonly approvals: readonly { readonly person: string; readonly insteadOf?: string }[];
    }[];
  };
  readonly margin?: {
    readonly total: string | null;
    readonly lines: Readonly<Record<string, string | null>>;
  };
  readonly order?: { readonly id: string; readonly status: string; readonly erpOrder?: string };
  readonly differences?: { readonly items: readonly object[] };
}

interface QuoteLineBody {
  readonly line: string;
  readonly sku: string;
  readonly quantity: string;
  readonly listed: { readonly unitPrice?: string; readonly unavailable?: string };
  readonly requestedPrice?: string;
  readonly offeredPrice?: string;
  readonly lineTotal?: string;
  readonly alternatives: readonly { readonly item: string; readonly sku: string }[];
}

let keys = 0;

/** Somebody who opens quotes and gives commands. */
export class Party extends Shop {
  open<Body = QuoteBody>(body: object | string, idempotencyKey?: string): Promise<Answer<Body>> {
    return this.send("/v1/quotes", {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      ...(idempotencyKey === undefined ? {} : { headers: { "Idempotency-Key": idempotencyKey } }),
    });
  }

  /** A draft with these lines. */
  async opened(body: object): Promise<QuoteBody> {
    const answer = await this.open(body);
    expect([answer.status, answer.text]).toEqual([201, answer.text]);
    return answer.body;
  }

  /** On the version that the quote has here, with a key of its own, unless the headers say otherwise. */
  give<Body = QuoteBody>(
    command: CommandName,
    quote: Pick<QuoteBody, "id" | "version">,
    { body = {}, headers = {} }: { body?: object | string; headers?: Record<string, string> } = {},
  ): Promise<Answer<Body>> {
    return this.send(`/v1/quotes/${quote.id}/${command}`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: { "If-Match": `"${quote.version}"`, "Idempotency-Key": `give-${++keys}`, ...headers },
    });
  }

  /** The quote after a command that is to be carried out. */
  async done(
    command: CommandName,
    quote: Pick<QuoteBody, "id" | "version">,
    body: object = {},
  ): Promise<QuoteBody> {
    const answer = await this.give(command, quote, { body });
    expect([command, answer.status, answer.text]).toEqual([command, 200, answer.text]);
    return answer.body;
  }

  /** The status and code that a command is refused with. */
  async refused(
    command: CommandName,
    quote: Pick<QuoteBody, "id" | "version">,
    more: Parameters<Party["give"]>[2] = {},
  ): Promise<unknown[]> {
    const { status, body } = await this.give<ProblemBody>(command, quote, more);
    return [status, body.code, body.reason, body.pointer].filter((part) => part !== undefined);
  }

  async read(quote: Pick<QuoteBody, "id">): Promise<QuoteBody> {
    const { status, body } = await this.send<QuoteBody>(`/v1/quotes/${quote.id}`);
    expect(status).toBe(200);
    return body;
  }
}

/** A key of this role, which may be a person's or for some customers only. */
export async function partyOf(
  planes: Planes,
  key: { readonly role: Role; readonly person?: string; readonly customers?: readonly string[] },
): Promise<Party> {
  const response = await planes.control.fetch("/v1/keys", {
    method: "POST",
    headers: { Authorization: `Bearer ${planes.keys.admin.key}`, "Content-Type": "application/json" },
    body: JSON.stringify(key),
  });
  expect(response.status).toBe(201);
  return new Party(planes, (await response.json<{ key: string }>()).key);
}
