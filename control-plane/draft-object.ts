import { DurableObject } from "cloudflare:workers";
import { log } from "../shared/api/log.ts";
import { streamOf } from "../shared/api/text-stream.ts";
import type { Instant } from "../shared/pricing/instant.ts";
import { segmentsOf } from "../shared/snapshot/manifest.ts";
import { changeLines } from "./comparison/change-lines.ts";
import { applyDraft } from "./drafts/apply-draft.ts";
import { CatalogWithDraft } from "./drafts/catalog-with-draft.ts";
import { compilePreview } from "./drafts/compile-preview.ts";
import { draftIdOf, findDraft, type DraftRow } from "./drafts/draft-log.ts";
import { judgeDraft } from "./drafts/judge-draft.ts";
import { PreviewSegments } from "./drafts/preview-segments.ts";
import type { DraftFailure, DraftRefusal } from "./drafts/refused-draft.ts";
import type { ControlEnv } from "./env.ts";
import { headName } from "./head-object.ts";
import { openPublished, openSnapshot } from "./publish/published-snapshot.ts";
import { Turns } from "./publish/turns.ts";
import { publisherName } from "./publisher-object.ts";

type Refused = { readonly kind: "refused" } & DraftRefusal;

export type DraftPreview =
  | { readonly kind: "previewed"; readonly lines: ReadableStream<Uint8Array> }
  | { readonly kind: "nothing_live" }
  | Refused;

export type DraftPublication =
  /** Published, now or before, or scheduled. */
  | { readonly kind: "done" }
  | { readonly kind: "wrong_state"; readonly state: string }
  | { readonly kind: "other_version"; readonly version: number }
  | Refused;

/** What a publication goes on over: what others changed, what the guard would say. */
interface Insisting {
  readonly force: boolean;
  readonly confirmed: boolean;
}

// A publication that died is taken up again this much later.
const resumeMilliseconds = 5_000;
const pauseMillisecondsMax = 300_000;

/**
 * Previews and publishes one draft, and rings when its time has come. What has been done is noted in D1: that the
 * draft was applied in the transaction that applies it, and which snapshot is to be made of it with that. So it
 * guarantees that a draft is applied once at most, and that one that was applied gets published, whenever this
 * object dies. It keeps no answer of its own but its alarm.
 */
export class DraftObject extends DurableObject<ControlEnv> {
  // One publication after another: else a second request would find the first one halfway.
  readonly #turns = new Turns();

  constructor(context: DurableObjectState, env: ControlEnv) {
    super(context, env);
    PreviewSegments.prepare(context.storage.sql);
  }

  /** What publishing the draft now would change of what is live, as JSON lines. Nothing of it becomes visible. */
  async preview(
    number: number,
    { at, force }: { readonly at: Instant; readonly force: boolean },
  ): Promise<DraftPreview> {
    const draft = await this.#draft(number);
    const judged = await judgeDraft(this.env.CATALOG, number, Date.now());
    if (judged.problems.length > 0 || (judged.conflicts.length > 0 && !force)) {
      const { problems } = judged;
      return { kind: "refused", conflicts: force ? [] : judged.conflicts, problems };
    }
    const live = (await this.env.HEAD.getByName(headName).current()) ?? undefined;
    if (live === undefined) return { kind: "nothing_live" };
    const before = await openPublished(this.env.PUBLISHED, live.manifest);
    const segments = new PreviewSegments(
      this.ctx.storage.sql,
      this.env.PUBLISHED,
      segmentsOf(before.manifest),
    );
    try {
      const catalog = new CatalogWithDraft(this.env.CATALOG, judged);
      const manifest = await compilePreview(catalog, segments);
      const after = await openSnapshot((hash) => segments.read(hash), manifest);
      const { sequence } = catalog;
      const first = { draft: draftIdOf(number), version: draft.version, sequence, manifest };
      const lines = previewLines(
        { ...first, live: live.snapshot, liveSequence: live.sequence },
        changeLines(before, after, at),
        segments,
      );
      return { kind: "previewed", lines: streamOf(lines) };
    } catch (error) {
      segments.forget();
      throw error;
    }
  }

  /**
   * Publishes the draft now or at an instant. Of a published one nothing happens again.
   * @param request `at` in milliseconds since 1970; `expected` is the version that the caller has seen; `confirmed`
   * says that its snapshot is to go live whatever the guard would say
   */
  async publish(
    number: number,
    request: {
      readonly at?: Instant;
      readonly force: boolean;
      readonly confirmed?: boolean;
      readonly expected?: number;
    },
  ): Promise<DraftPublication> {
    return this.#turns.take(async () => {
      const draft = await this.#draft(number);
      if (draft.state === "discarded") return { kind: "wrong_state", state: draft.state };
      if (draft.state === "published") return { kind: "done" };
      const { at, expected, force, confirmed = false } = request;
      if (draft.state === "applied") return this.#tellPublisher(draft);
      if (expected !== undefined && expected !== draft.version) {
        return { kind: "other_version", version: draft.version };
      }
      if (at !== undefined && at > Date.now()) return this.#schedule(draft, at, { force, confirmed });
      await this.#wakeAt(number, Date.now() + resumeMilliseconds);
      return this.#publish(draft, { force, confirmed });
    });
  }

  /** Does what is due: for alarms, and for who finds a draft whose alarm may have been lost. */
  async goOn(number: number): Promise<void> {
    return this.#turns.take(async () => {
      const draft = await this.#draft(number);
      if (draft.state === "applied") {
        await this.#tellPublisher(draft);
        return;
      }
      if (draft.state !== "scheduled" || draft.publishAt === null) return;
      // The alarm may have been set for an earlier time than it was scheduled to afterwards.
      if (draft.publishAt > Date.now()) return this.#wakeAt(number, draft.publishAt);
      const outcome = await this.#publish(draft, { force: draft.forced, confirmed: draft.confirmed });
      if (outcome.kind === "refused") await this.#reopen(draft, outcome);
    });
  }

  override async alarm(): Promise<void> {
    const number = await this.ctx.storage.get<number>("draft");
    if (number === undefined) return;
    try {
      await this.goOn(number);
      await this.ctx.storage.delete("failures");
    } catch (error) {
      // The platform would give up after some times.
      const failures = ((await this.ctx.storage.get<number>("failures")) ?? 0) + 1;
      log("draft_not_published", { draft: draftIdOf(number), failures, error });
      await this.ctx.storage.put("failures", failures);
      await this.#wakeAt(number, Date.now() + Math.min(1000 * 2 ** failures, pauseMillisecondsMax));
    }
  }

  async #publish(draft: DraftRow, insisting: Insisting): Promise<DraftPublication> {
    const live = (await this.env.HEAD.getByName(headName).current()) ?? undefined;
    const applied = await applyDraft(this.env.CATALOG, draft, {
      ...insisting,
      now: Date.now(),
      replaced: live?.snapshot ?? null,
    });
    switch (applied.kind) {
      case "refused":
        return applied;
      case "overtaken": {
        const { version } = await this.#draft(draft.number);
        return { kind: "other_version", version };
      }
      case "applied":
        return this.#tellPublisher(applied.draft);
    }
  }

  async #tellPublisher({ number, name, snapshot, confirmed }: DraftRow): Promise<DraftPublication> {
    if (snapshot === null) throw new Error(`The draft ${number} was applied without a snapshot`);
    const note = `${draftIdOf(number)}: ${name}`;
    const wish = { note, hold: false, confirmed, id: snapshot };
    await this.env.PUBLISHER.getByName(publisherName).publish(wish);
    await this.env.CATALOG.prepare(
      "UPDATE drafts SET state = 'published' WHERE number = ?1 AND state = 'applied'",
    )
      .bind(number)
      .run();
    return { kind: "done" };
  }

  async #schedule(draft: DraftRow, at: Instant, insisting: Insisting): Promise<DraftPublication> {
    // The alarm first: one that rings for nothing does no harm, a schedule without an alarm is late.
    await this.#wakeAt(draft.number, at);
    const scheduled = await this.env.CATALOG.prepare(
      `UPDATE drafts SET state = 'scheduled', publish_at = ?3, forced = ?4, confirmed = ?6, failure = NULL,
         version = version + 1, changed_at = ?5
       WHERE number = ?1 AND version = ?2
         AND NOT (state = 'scheduled' AND publish_at = ?3 AND forced = ?4 AND confirmed = ?6)
       RETURNING number`,
    )
      .bind(draft.number, draft.version, at, Number(insisting.force), Date.now(), Number(insisting.confirmed))
      .first();
    if (scheduled !== null) return { kind: "done" };
    const current = await this.#draft(draft.number);
    return current.version === draft.version
      ? { kind: "done" }
      : { kind: "other_version", version: current.version };
  }

  async #reopen(draft: DraftRow, { conflicts, problems }: DraftRefusal): Promise<void> {
    const failure: DraftFailure = { at: new Date().toISOString(), conflicts, problems };
    log("draft_refused", {
      draft: draftIdOf(draft.number),
      conflicts: conflicts.length,
      problems: problems.length,
    });
    await this.env.CATALOG.prepare(
      `UPDATE drafts SET state = 'open', publish_at = NULL, failure = ?3, version = version + 1, changed_at = ?4
       WHERE number = ?1 AND version = ?2`,
    )
      .bind(draft.number, draft.version, JSON.stringify(failure), Date.now())
      .run();
  }

  async #draft(number: number): Promise<DraftRow> {
    const draft = await findDraft(this.env.CATALOG, number);
    if (draft === undefined) throw new Error(`There is no draft ${draftIdOf(number)}`);
    return draft;
  }

  async #wakeAt(number: number, at: number): Promise<void> {
    await this.ctx.storage.put("draft", number);
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > at) await this.ctx.storage.setAlarm(at);
  }
}

async function* previewLines(
  first: object,
  changes: AsyncIterable<string>,
  segments: PreviewSegments,
): AsyncGenerator<string> {
  try {
    yield `${JSON.stringify(first)}\n`;
    yield* changes;
  } finally {
    segments.forget();
  }
}
