/**
 * The problems that requests end in: RFC 9457 problem details with a stable `code`. This table is the one
 * place where a code gets its HTTP status.
 */
const problems = {
  malformed_json: [400, "The body is not JSON"],
  bad_encoding: [400, "The body is not UTF-8"],
  empty_body: [400, "The body is empty"],
  not_ndjson: [400, "The body is not one JSON object a line"],
  too_deep: [400, "The JSON is nested too deeply"],
  forbidden_key: [400, "The JSON holds a key that is not allowed"],
  invalid_request: [400, "The request does not have the documented form"],
  idempotency_key_required: [400, "The header Idempotency-Key is required"],
  unauthenticated: [401, "The request carries no valid key or token"],
  forbidden: [403, "The key's role does not allow this"],
  not_for_party: [403, "This is for the other side of a quote"],
  self_approval: [403, "Nobody approves what is their own"],
  not_asked: [403, "The approval is not asked of this person"],
  beyond_authority: [403, "This is beyond the person's limit"],
  not_found: [404, "There is nothing here"],
  unknown_customer: [404, "There is no such customer"],
  customer_blocked: [409, "Nothing is sold to this customer at present"],
  method_not_allowed: [405, "The resource does not have this method"],
  idempotency_in_flight: [409, "A request with this key is being carried out"],
  not_ready: [409, "The snapshot that the token asks for has not arrived here yet"],
  not_configured: [409, "The control plane has no settings for this"],
  wrong_state: [409, "The state does not allow this"],
  quote_expired: [409, "The quote's validity has passed"],
  already_decided: [409, "This person has decided already"],
  sweep_open: [409, "A sweep of this scope is open"],
  count_mismatch: [409, "The sweep holds another number of records"],
  shrink_guard: [409, "The sweep would remove too many records"],
  draft_conflict: [409, "Records of the draft were changed by somebody else meanwhile"],
  draft_invalid: [409, "Records of the draft can't be applied"],
  gone: [410, "This has expired"],
  cursor_expired: [410, "What the cursor has seen is not kept any more: start over without it"],
  precondition_failed: [412, "The version is another by now"],
  body_too_large: [413, "The body is too large"],
  decompressed_too_large: [413, "The decompressed body is too large"],
  line_too_long: [413, "A line is too long"],
  unsupported_media_type: [415, "The content type is not supported here"],
  unsupported_encoding: [415, "The content encoding is not supported here"],
  incomplete: [422, "The quote lacks something that this needs"],
  unknown_product: [422, "There is no such product, or it is not sold in this unit"],
  not_a_delegate: [422, "The place can't be handed on to this person"],
  unknown_pick: [422, "The line does not have what was picked"],
  idempotency_key_reused: [422, "The idempotency key was used with another body"],
  target_not_allowed: [422, "Nothing is sent to such an address"],
  at_out_of_range: [422, "No prices are kept for this instant"],
  too_many_lines: [422, "The request has too many lines for what it asks"],
  currency_required: [422, "The customer has no currency, so the request must name one"],
  precondition_required: [428, "The header If-Match is required"],
  internal: [500, "Something went wrong here"],
  snapshot_unavailable: [503, "No complete snapshot can be read"],
  stale_snapshot: [503, "The snapshot could not be confirmed to be current"],
  explanation_unavailable: [503, "The full explanation can't be had at present"],
  desk_unavailable: [503, "What quotes need to know can't be had at present"],
  erp_unavailable: [502, "The ERP did not answer as it should"],
  store_unavailable: [503, "The store did not answer"],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof problems;
export const problemCodes = Object.keys(problems) as ProblemCode[]; // The table has no other keys.

export interface ProblemOptions {
  /** What went wrong this time, for the caller. */
  readonly detail?: string | undefined;
  /** RFC 6901, where the body is at fault. */
  readonly pointer?: string | undefined;
  /** More members of the problem document. */
  readonly more?: Readonly<Record<string, unknown>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For the log; never for the caller. */
  readonly cause?: unknown;
}

/** Ends a request with a problem document; thrown anywhere, answered in one place. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly options: ProblemOptions;

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(options.detail ?? problems[code][1], { cause: options.cause });
    this.code = code;
    this.options = options;
  }

  get status(): (typeof problems)[ProblemCode][0] {
    return problems[this.code][0];
  }

  /** The body of the answer, `application/problem+json`. */
  document(requestId: string): Record<string, unknown> {
    const { detail, pointer, more } = this.options;
    return {
      ...more,
      type: `urn:pricewright:problem:${this.code}`,
      title: problems[this.code][1],
      status: this.status,
      code: this.code,
      ...(detail === undefined ? {} : { detail }),
      ...(pointer === undefined ? {} : { pointer }),
      requestId,
    };
  }
}
