import { expect } from "vitest";
import type { Planes } from "./planes.ts";

/** A line of an answer; what a line has depends on whether it has a price. */
export interface AnsweredLine {
  readonly sku: string;
  readonly quantity: string;
  readonly unit?: string;
  readonly unitPrice?: string;
  readonly per?: string;
  readonly lineTotal?: string;
  readonly tiers?: readonly { from: string; above?: true; unitPrice: string; per?: string }[];
  readonly explanation?: readonly { step: string; record?: string; amount: string }[];
  readonly unavailable?: { readonly code: string; readonly message: string };
  readonly validUntil: string | null;
}

export interface PricesBody {
  readonly customer: string;
  readonly currency: string;
  readonly at: string;
  readonly snapshot: { readonly id: string; readonly sequence: number };
  readonly token: string;
  readonly validUntil: string | null;
  readonly lines: readonly AnsweredLine[];
  readonly total: string;
}

export interface ProblemBody {
  readonly code: string;
  readonly reason?: string;
  readonly pointer?: string;
  readonly parameter?: string;
  readonly detail?: string;
  readonly requestId: string;
}

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
}

/** Asks the edge as somebody, by default as a storefront for all customers. */
export class Shop {
  readonly #planes: Planes;
  readonly #bearer: string;

  constructor(planes: Planes, bearer = planes.keys.storefront.key) {
    this.#planes = planes;
    this.#bearer = bearer;
  }

  async send<Body>(path: string, init: RequestInit = {}): Promise<Answer<Body>> {
    const response = await this.#planes.edge.fetch(path, {
      ...init,
      headers: {
        Authorization: `Bearer ${this.#bearer}`,
        ...(init.body === undefined ? {} : { "Content-Type": "application/json" }),
        ...init.headers,
      },
    });
    const text = await response.text();
    const isJson = response.headers.get("Content-Type")?.includes("json") === true && !text.includes("\n");
    const body = (text === "" || !isJson ? undefined : JSON.parse(text)) as Body;
    return { status: response.status, headers: response.headers, text, body };
  }

  /** `POST /v1/prices`; a text is sent as it is. */
  post<Body = PricesBody>(question: object | string): Promise<Answer<Body>> {
    const body = typeof question === "string" ? question : JSON.stringify(question);
    return this.send("/v1/prices", { method: "POST", body });
  }

  get<Body = PricesBody>(
    sku: string,
    query: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    return this.send(`/v1/prices/${encodeURIComponent(sku)}?${new URLSearchParams(query)}`, { headers });
  }

  /** The line for one question of one line, which is to be answered. */
  async line(question: Record<string, unknown>): Promise<AnsweredLine> {
    const { sku, quantity = "1", unit, ...rest } = question;
    const { status, body } = await this.post({ ...rest, lines: [{ sku, quantity, unit }] });
    expect(status).toBe(200);
    const [line, ...more] = body.lines;
    if (line === undefined || more.length > 0) throw new Error("One line was asked for");
    return line;
  }

  /** The price, or why there is none. */
  async price(question: Record<string, unknown>): Promise<string | undefined> {
    const { unitPrice, unavailable } = await this.line(question);
    return unitPrice ?? unavailable?.code;
  }

  /** The status and code that a question is refused with. */
  async refusal(question: object | string): Promise<unknown[]> {
    const { status, body } = await this.post<ProblemBody>(question);
    return [status, body.code, body.reason, body.pointer].filter((part) => part !== undefined);
  }
}

/** A token with which only this customer's data can be reached. */
export async function customerToken({ edge, keys }: Planes, customer: string): Promise<string> {
  const response = await edge.fetch("/v1/tokens", {
    method: "POST",
    headers: { Authorization: `Bearer ${keys.storefront.key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ customer }),
  });
  expect(response.status).toBe(201);
  return (await response.json<{ token: string }>()).token;
}

/** A storefront's key for some customers only. */
export async function scopedKey({ control, keys }: Planes, customers: readonly string[]): Promise<string> {
  const response = await control.fetch("/v1/keys", {
    method: "POST",
    headers: { Authorization: `Bearer ${keys.admin.key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ role: "storefront", customers }),
  });
  expect(response.status).toBe(201);
  return (await response.json<{ key: string }>()).key;
}
