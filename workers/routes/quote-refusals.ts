import { Problem } from "../../shared/api/problem.ts";
import type { Refusal } from "../../shared/quoting/command.ts";

/** Why a quote's object does not carry out a command, as a problem. */
export function problemOfRefusal(refusal: Refusal): Problem {
  switch (refusal.reason) {
    case "wrong_state":
      return new Problem("wrong_state", {
        detail: `The quote is ${refusal.status}`,
        // `status` is the answer's own.
        more: { state: refusal.status, allowed: refusal.allowed },
      });
    case "expired":
      return new Problem("quote_expired");
    case "incomplete": {
      const { line, detail } = refusal;
      return new Problem("incomplete", { detail, more: line === undefined ? {} : { line } });
    }
    case "unknown_pick":
      return new Problem("unknown_pick", { more: { line: refusal.line } });
    case "not_for_party":
    case "self_approval":
    case "not_asked":
    case "beyond_authority":
    case "already_decided":
    case "not_a_delegate":
      return new Problem(refusal.reason);
  }
}

export function stale(version: number): Problem {
  return new Problem("precondition_failed", { more: { version }, headers: { ETag: etag(version) } });
}

export function etag(version: number): string {
  return `"${version}"`;
}

export function tooLarge(): Problem {
  return new Problem("body_too_large", { detail: "With its prices the quote is larger than can be kept" });
}
