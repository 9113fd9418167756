import * as z from "zod";
import { Problem } from "../../shared/api/problem.ts";
import { signToken } from "../../shared/snapshot/token.ts";
import { draftIdOf, type DraftRow } from "../drafts/draft-log.ts";
import type { DraftRefusal } from "../drafts/refused-draft.ts";
import type { ControlEnv } from "../env.ts";
import { snapshotStatus, statusesOf, type SnapshotStatus } from "./snapshot-status.ts";

/** What the routes of drafts have in common. */

export const draftManagers = ["manager", "admin"] as const;

const count = z.int().min(0);
const instantText = z.string().meta({ format: "date-time" });

export const draftStates = ["open", "scheduled", "applied", "published", "discarded"] as const;

const refusalShape = {
  conflicts: z
    .array(z.strictObject({ type: z.string(), id: z.string(), pointers: z.array(z.string()) }))
    .max(1000),
  problems: z
    .array(
      z.strictObject({
        type: z.string(),
        id: z.string(),
        code: z.string(),
        pointer: z.string().nullable(),
        message: z.string(),
      }),
    )
    .max(1000),
};

export const draftShape = z.strictObject({
  id: z.string(),
  name: z.string(),
  note: z.string().nullable(),
  state: z.enum(draftStates),
  version: z.int().min(1).meta({ description: "Counts its changes; the ETag has it too" }),
  records: count,
  createdAt: instantText,
  changedAt: instantText,
  publishAt: instantText.nullable(),
  failure: z
    .strictObject({ at: instantText, ...refusalShape })
    .nullable()
    .meta({ description: "Why it was not published when its time came" }),
  batch: z.string().nullable(),
  sequence: count.nullable(),
  token: z
    .string()
    .nullable()
    .meta({ description: "A price question that carries it is answered with what the draft changed" }),
  snapshot: z.string().nullable(),
  snapshotStatus: snapshotStatus.nullable().meta({
    description:
      "`held`: publishing it looked like an accident, which the snapshot's `guard` describes; activate the snapshot to confirm",
  }),
  replaced: z
    .string()
    .nullable()
    .meta({ description: "The snapshot that was live before: activate it to go back" }),
});

export const draftParams = z.strictObject({ id: z.string().max(20) });

export const ifMatch = z.object({
  "if-match": z
    .string()
    .regex(/^"[1-9][0-9]{0,14}"$/)
    .optional()
    .meta({ description: 'The ETag of the draft as the caller has seen it, such as "3"' }),
});

export function expectedVersion(headers: z.output<typeof ifMatch>): number | undefined {
  const tag = headers["if-match"];
  return tag === undefined ? undefined : Number(tag.slice(1, -1));
}

/** @param status what has become of its snapshot, where there may be one */
export function shownDraft(
  row: DraftRow,
  signingSecret: string,
  status?: SnapshotStatus,
): z.output<typeof draftShape> {
  const { name, note, state, version, records, failure, batch, sequence, snapshot, replaced } = row;
  return {
    id: draftIdOf(row.number),
    name,
    note,
    state,
    version,
    records,
    createdAt: instantOf(row.createdAt),
    changedAt: instantOf(row.changedAt),
    publishAt: row.publishAt === null ? null : instantOf(row.publishAt),
    failure: failure === null ? null : { at: failure.at, ...copied(failure) },
    batch: batch === null ? null : `b${batch}`,
    sequence,
    token: sequence === null ? null : signToken({ number: 0, through: sequence }, signingSecret),
    snapshot,
    snapshotStatus: status ?? null,
    replaced,
  };
}

/** Drafts with what has become of their snapshots. */
export async function shownDrafts(
  rows: readonly DraftRow[],
  env: ControlEnv,
): Promise<z.output<typeof draftShape>[]> {
  const statuses = await statusesOf(
    rows.flatMap(({ snapshot }) => snapshot ?? []),
    env,
  );
  return rows.map((row) => shownDraft(row, env.SIGNING_SECRET, statuses.get(row.snapshot ?? "")));
}

export function etagOf({ version }: DraftRow): { ETag: string } {
  return { ETag: `"${version}"` };
}

/** `draft_invalid` where a record can't be applied at all, else `draft_conflict`. */
export function refusalProblem(refusal: DraftRefusal): Problem {
  const { conflicts, problems } = copied(refusal);
  if (problems.length > 0) {
    return new Problem("draft_invalid", {
      detail: `${problems.length} records can't be applied`,
      more: { conflicts, problems },
    });
  }
  return new Problem("draft_conflict", {
    detail: `${conflicts.length} records were changed since they came into the draft; look at them and rebase, or "force"`,
    more: { conflicts, problems },
  });
}

function copied({ conflicts, problems }: DraftRefusal) {
  return {
    conflicts: conflicts.map(({ type, id, pointers }) => ({ type, id, pointers: [...pointers] })),
    problems: [...problems],
  };
}

function instantOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
