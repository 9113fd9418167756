import { findBreak } from "../../shared/quoting/audit-chain.ts";
import type { LoggedEvent } from "../../shared/quoting/event.ts";
import type { EdgeEnv } from "../env.ts";
import { isGenuine, type Checkpoint } from "./checkpoint.ts";
import type { Audit, AuditFault } from "./quote-store.ts";

/** Whether a quote's log is whole, and has been the same at every checkpoint that was made of it. */
export async function auditLog(
  quote: string,
  log: readonly LoggedEvent[],
  env: Pick<EdgeEnv, "PUBLISHED" | "SIGNING_SECRET">,
): Promise<Audit> {
  const { results } = await env.PUBLISHED.prepare(
    "SELECT quote, seq, hash, at, signature FROM quote_checkpoints WHERE quote = ? ORDER BY seq",
  )
    .bind(quote)
    .all<Checkpoint>();
  const broken = findBreak(log);
  const faults: AuditFault[] = [
    ...(broken === undefined ? [] : [{ fault: "chain_broken", seq: broken } as const]),
    ...results.flatMap((checkpoint) => faultOf(checkpoint, log, env.SIGNING_SECRET) ?? []),
  ];
  const newest = results.at(-1);
  return {
    quote,
    events: log.length,
    hash: log.at(-1)?.hash ?? "",
    ...(newest === undefined ? {} : { checkpoint: { seq: newest.seq, hash: newest.hash, at: newest.at } }),
    faults,
  };
}

function faultOf(
  checkpoint: Checkpoint,
  log: readonly LoggedEvent[],
  secret: string,
): AuditFault | undefined {
  const { seq, hash } = checkpoint;
  if (!isGenuine(checkpoint, secret)) return { fault: "checkpoint_forged", seq };
  const entry = log.find((logged) => logged.seq === seq);
  if (entry === undefined) return { fault: "truncated", seq };
  return entry.hash === hash ? undefined : { fault: "rewritten", seq };
}
