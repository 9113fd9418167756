import { version } from "../../shared/api/version.ts";
import { signatureHeaders, type SignedMessage } from "./sign-message.ts";
import { targetFault, type TargetRules } from "./target.ts";

/** What came of one attempt. */
export type Attempt =
  | { readonly kind: "delivered"; readonly status: number }
  | { readonly kind: "failed"; readonly status: number | null; readonly failure: string };

export interface SendOptions {
  readonly fetch: typeof fetch;
  readonly targets: TargetRules;
  readonly timeoutMilliseconds: number;
}

/**
 * Sends a message once. Only a 2xx status counts; a redirect is not followed, since it could lead anywhere, and the
 * answer's body is not read, so that nothing of it can be shown or fill the memory.
 */
export async function sendMessage(
  message: SignedMessage,
  { url, secrets }: { readonly url: string; readonly secrets: readonly string[] },
  { fetch, targets, timeoutMilliseconds }: SendOptions,
): Promise<Attempt> {
  const fault = targetFault(url, targets);
  if (fault !== undefined) return failedWith(`The target is not allowed: ${fault}`);
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      redirect: "manual",
      headers: {
        ...signatureHeaders(message, secrets),
        "Content-Type": "application/json",
        "User-Agent": `Pricewright/${version}`,
      },
      body: message.body,
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
  } catch (error) {
    return failedWith(isTimeout(error) ? "No answer in time" : "The target could not be reached");
  }
  await dropBody(response);
  if (response.ok) return { kind: "delivered", status: response.status };
  const isRedirect = response.status >= 300 && response.status < 400;
  return {
    kind: "failed",
    status: response.status,
    failure: isRedirect ? "Redirects are not followed" : `The answer was ${response.status}`,
  };
}

function failedWith(failure: string): Attempt {
  return { kind: "failed", status: null, failure };
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === "TimeoutError";
}

async function dropBody(response: Response): Promise<void> {
  try {
    await response.body?.cancel();
  } catch {
    // A connection that breaks after the status changes nothing: the status says whether the message arrived.
  }
}
