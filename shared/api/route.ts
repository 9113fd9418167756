import type { Context } from "hono";
import type * as z from "zod";
import type { Caller, KeyCaller, Role } from "./callers.ts";

/** Who may call a route: everyone, or the callers with one of these roles. `customer` is a customer token. */
export type Roles = "public" | readonly [Role | "customer", ...(Role | "customer")[]];

export type Encoding = "identity" | "gzip";

/** A body that the route reads by itself; only its content type and encoding are checked before. */
export interface StreamBody {
  /** The content type. */
  readonly stream: string;
  readonly description: string;
  /** What one line of it is, for the documentation. */
  readonly line?: z.ZodType;
  readonly encodings: readonly Encoding[];
}

export interface IncomingStream {
  readonly stream: ReadableStream<Uint8Array> | null;
  readonly encoding: Encoding;
}

export interface ResponseDefinition {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** JSON, unless it says otherwise. */
  readonly contentType?: string;
}

type Nothing = z.ZodObject<Record<never, never>>;

export interface RouteDefinition<
  R extends Roles = Roles,
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodObject = z.ZodObject,
  H extends z.ZodObject = z.ZodObject,
  B extends z.ZodType | StreamBody | undefined = z.ZodType | StreamBody | undefined,
> {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** With parameters as `{id}`. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly roles: R;
  readonly params?: P;
  readonly query?: Q;
  /** By lower-case name; other headers are not looked at. */
  readonly headers?: H;
  readonly body?: B;
  /** A missing body then counts as `{}`. */
  readonly bodyOptional?: boolean;
  /** 1 MiB, unless it says otherwise. */
  readonly bodyBytesMax?: number;
  readonly responses: Readonly<Record<number, ResponseDefinition>>;
}

type BodyOf<B> = [B] extends [StreamBody]
  ? IncomingStream
  : [B] extends [z.ZodType]
    ? z.output<B>
    : undefined;

type CallerOf<R extends Roles> = R extends readonly string[]
  ? "customer" extends R[number]
    ? Caller
    : KeyCaller
  : undefined;

/** What a handler gets: everything checked, in the types that the definition's schemas give. */
export interface RouteRequest<Env extends object, R extends Roles, P, Q, H, B> {
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
  readonly headers: z.output<H>;
  readonly body: BodyOf<B>;
  /** The body as it came, where it has a schema; what a digest is made of. */
  readonly bodyBytes: Uint8Array;
  readonly caller: CallerOf<R>;
  readonly requestId: string;
  readonly c: Context<PlaneTypes<Env>>;
}

export interface PlaneTypes<Env extends object> {
  Bindings: Env;
  Variables: { requestId: string; route: string | undefined; keyId: string | undefined };
}

/** The one way to add a route. */
export type AddRoute<Env extends object> = <
  const R extends Roles,
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  H extends z.ZodObject = Nothing,
  B extends z.ZodType | StreamBody | undefined = undefined,
>(
  definition: RouteDefinition<R, P, Q, H, B>,
  handler: (request: RouteRequest<Env, R, P, Q, H, B>) => Response | Promise<Response>,
) => void;
