import { JsonError, NumberLiteral, parseExactJson } from "../../../shared/api/exact-json.ts";
import type { Row } from "./row.ts";

/** Where a Tryton is, and who reads there. */
export interface TrytonServer {
  /** Such as `https://erp.example.com`. */
  readonly url: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

export type TrytonFault = "unreachable" | "refused_login" | "refused" | "no_json";

export class TrytonError extends Error {
  override readonly name = "TrytonError";
  readonly fault: TrytonFault;

  constructor(fault: TrytonFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

const timeoutMilliseconds = 60_000;

/** Calls Tryton's JSON-RPC as one user. The session is made at the first call, and once more when it has ended. */
export class TrytonClient {
  readonly #server: TrytonServer;
  readonly #fetch: typeof fetch;
  #session: Promise<string> | undefined;
  #context: Promise<Readonly<Record<string, unknown>>> | undefined;

  // Workers don't let `fetch` be called as another object's method.
  constructor(server: TrytonServer, fetcher: typeof fetch = (input, init) => fetch(input, init)) {
    this.#server = server;
    this.#fetch = fetcher;
  }

  /** The id of the company that the user works in. */
  async company(): Promise<string> {
    const { company } = await this.context();
    if (company instanceof NumberLiteral) return company.text;
    throw new TrytonError("refused", "The user works in no company");
  }

  /** What every call takes along: the user's preferences, without which there are no prices. */
  context(): Promise<Readonly<Record<string, unknown>>> {
    this.#context ??= this.#call("model.res.user.get_preferences", [true, {}]) as Promise<
      Readonly<Record<string, unknown>>
    >;
    return this.#context;
  }

  /** Calls a model's method; the context is added as the last parameter. */
  async model(
    model: string,
    method: string,
    parameters: readonly unknown[],
    context: Readonly<Record<string, unknown>> = {},
  ): Promise<unknown> {
    const own = await this.context();
    return this.#call(`model.${model}.${method}`, [...parameters, { ...own, ...context }]);
  }

  /** Calls a model's method for all records, inactive ones too. */
  all(model: string, method: string, parameters: readonly unknown[]): Promise<unknown> {
    return this.model(model, method, parameters, { active_test: false });
  }

  /** All records of a model, inactive ones too, by pages that begin after the last id. */
  async *rows(model: string, fields: readonly string[]): AsyncGenerator<Row> {
    let after = "0";
    for (;;) {
      const domain = [["id", ">", new NumberLiteral(after)]];
      const order = [["id", "ASC"]];
      const page = await this.all(model, "search_read", [domain, 0, rowsPerPage, order, fields]);
      if (!Array.isArray(page)) throw new TrytonError("no_json", `${model} gave no rows`);
      for (const row of page as Row[]) {
        yield row;
        if (row["id"] instanceof NumberLiteral) after = row["id"].text;
      }
      if (page.length < rowsPerPage) return;
    }
  }

  async #call(method: string, parameters: readonly unknown[]): Promise<unknown> {
    this.#session ??= this.#login();
    const first = await this.#post(method, parameters, await this.#session);
    if (first.status !== 401) return this.#result(method, first);
    this.#session = this.#login();
    return this.#result(method, await this.#post(method, parameters, await this.#session));
  }

  async #login(): Promise<string> {
    const { user, password } = this.#server;
    const answer = await this.#post("common.db.login", [user, { password }, "en"]);
    // Each failed login makes Tryton wait longer, so it is not tried again.
    if (answer.status !== 200)
      throw new TrytonError("refused_login", `The login was refused: ${answer.status}`);
    const result = this.#result("common.db.login", answer);
    const [id, key] = Array.isArray(result) ? (result as unknown[]) : [];
    if (!(id instanceof NumberLiteral) || typeof key !== "string") {
      throw new TrytonError("refused_login", "The login gave no session");
    }
    return `Session ${btoa(`${user}:${id.text}:${key}`)}`;
  }

  // The body has no other member, and its length is known: Tryton takes it no other way.
  async #post(
    method: string,
    parameters: readonly unknown[],
    session?: string,
  ): Promise<{ readonly status: number; readonly text: string }> {
    const { url, database } = this.#server;
    try {
      const response = await this.#fetch(`${url}/${encodeURIComponent(database)}/`, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          ...(session === undefined ? {} : { Authorization: session }),
        },
        body: jsonOf({ id: 1, method, params: parameters }),
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMilliseconds),
      });
      return { status: response.status, text: await response.text() };
    } catch (cause) {
      throw new TrytonError("unreachable", "Tryton did not answer", { cause });
    }
  }

  #result(method: string, { status, text }: { readonly status: number; readonly text: string }): unknown {
    if (status !== 200) throw new TrytonError("refused", `${method} was refused: ${status}`);
    const answer = parsed(text) as { readonly result?: unknown; readonly error?: unknown };
    // The kind of an error is stable; its texts are in the user's language.
    if (Array.isArray(answer.error))
      throw new TrytonError("refused", `${method}: ${String(answer.error[0])}`);
    return answer.result;
  }
}

const rowsPerPage = 500;

function parsed(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    if (error instanceof JsonError) throw new TrytonError("no_json", error.message, { cause: error });
    throw error;
  }
}

/** JSON in which a number literal stands with its own text. */
function jsonOf(value: unknown): string {
  if (value instanceof NumberLiteral) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, member]) => `${JSON.stringify(key)}:${jsonOf(member)}`)
    .join(",")}}`;
}
