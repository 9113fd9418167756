import { env } from "cloudflare:workers";
import type { HeadObject } from "../../control-plane/head-object.ts";
import { insertSnapshot, updateSnapshot } from "../../control-plane/publish/snapshot-log.ts";
import { deliverDue } from "../../control-plane/webhooks/courier.ts";
import { eventTypes, type EventType } from "../../control-plane/webhooks/event.ts";
import { noteEvents } from "../../control-plane/webhooks/note-events.ts";
import { newWebhookSecret } from "../../control-plane/webhooks/sign-message.ts";
import { insertWebhook, type WebhookRow } from "../../control-plane/webhooks/webhook-log.ts";

/** What a receiver answers: a status, or nothing for as long as the world keeps silent. */
export type Answer = number | "unreachable" | "silent";

export interface Received {
  readonly url: string;
  readonly id: string;
  readonly timestamp: number;
  readonly signatures: readonly string[];
  readonly body: string;
  readonly at: number;
}

let worlds = 0;
const begin = Date.parse("2026-11-24T10:00:00Z");

/** A company's webhooks with their receivers, on a clock that only moves when it is told to. */
export class WebhookWorld {
  readonly received: Received[] = [];
  readonly answers = new Map<string, (nth: number) => Answer>();
  catalog: D1Database = env.CATALOG;
  now = begin;
  readonly silence = Promise.withResolvers<Response>();
  readonly #head: DurableObjectStub<HeadObject>;

  private constructor(head: DurableObjectStub<HeadObject>) {
    this.#head = head;
  }

  static async make(): Promise<WebhookWorld> {
    const tables = ["webhooks", "webhook_events", "webhook_deliveries"];
    await env.CATALOG.batch([
      ...tables.map((table) => env.CATALOG.prepare(`DELETE FROM ${table}`)),
      env.CATALOG.prepare("UPDATE webhook_progress SET head = 0, snapshot = 0"),
    ]);
    await env.PUBLISHED.exec("DELETE FROM snapshots");
    return new WebhookWorld(env.HEAD.getByName(`webhooks-${++worlds}`));
  }

  /** Adds a webhook, whose receiver answers 200 unless another answer is given. */
  async webhook(
    name: string,
    answer: (nth: number) => Answer = () => 200,
    events: readonly EventType[] = eventTypes,
  ): Promise<WebhookRow> {
    const url = `https://${name}.acme.com/`;
    this.answers.set(url, answer);
    const row = await insertWebhook(
      env.CATALOG,
      { id: name, url, events, description: "", secret: newWebhookSecret(), createdAt: this.now },
      100,
    );
    if (row === undefined) throw new Error(`There is no webhook ${name}`);
    return row;
  }

  /** A snapshot goes live. Returns its id. */
  async activate(): Promise<string> {
    const snapshot = await this.begun();
    await this.end(snapshot, "live");
    return snapshot;
  }

  async begun(): Promise<string> {
    const snapshot = crypto.randomUUID();
    const createdAt = new Date(this.now).toISOString();
    await insertSnapshot(env.PUBLISHED, { snapshot, sequence: 1, note: undefined, createdAt });
    return snapshot;
  }

  async end(snapshot: string, outcome: "live" | "held" | "failed"): Promise<void> {
    const movedAt = new Date(this.now).toISOString();
    if (outcome === "live")
      await this.#head.move({ snapshot, sequence: 1, manifest: "M".repeat(22), movedAt }, { once: false });
    await updateSnapshot(env.PUBLISHED, snapshot, {
      status: outcome === "failed" ? "failed" : "complete",
      liveAt: outcome === "live" ? movedAt : null,
    });
  }

  async note(): Promise<void> {
    const sources = {
      catalog: this.catalog,
      published: env.PUBLISHED,
      headsFrom: async (number: number, limit: number) => this.#head.headsFrom(number, limit),
      secret: "a secret of the tests, 32 characters at least",
    };
    await noteEvents(sources, this.now);
  }

  /** Sends what is due. Returns when there is more. */
  async deliver(): Promise<number | undefined> {
    return deliverDue({
      catalog: this.catalog,
      note: () => this.note(),
      now: () => this.now,
      random: () => 0.5,
      targets: { local: false },
      timeoutMilliseconds: 1000,
      fetch: async (input, init) => this.#receive(new Request(input as string, init)),
    });
  }

  /** Goes from one due time to the next until nothing waits. */
  async settle(): Promise<void> {
    for (let due = await this.deliver(); due !== undefined; due = await this.deliver()) {
      this.now = Math.max(this.now, due);
    }
  }

  receivedBy(name: string): Received[] {
    return this.received.filter(({ url }) => url === `https://${name}.acme.com/`);
  }

  async #receive(request: Request): Promise<Response> {
    const header = (name: string) => request.headers.get(`webhook-${name}`) ?? "";
    const received = {
      url: request.url,
      id: header("id"),
      timestamp: Number(header("timestamp")),
      signatures: header("signature").split(" "),
      body: await request.text(),
      at: this.now,
    };
    this.received.push(received);
    const nth = this.received.filter(({ url }) => url === request.url).length;
    const answer = this.answers.get(request.url)?.(nth) ?? 404;
    if (answer === "silent") return this.silence.promise;
    if (answer === "unreachable") throw new TypeError("Network connection lost.");
    return new Response(null, { status: answer });
  }
}

export async function deliveriesOf(webhook: string) {
  const { results } = await env.CATALOG.prepare(
    "SELECT number, event, state, attempts, status, failure FROM webhook_deliveries WHERE webhook = ? ORDER BY number",
  )
    .bind(webhook)
    .all<{
      number: number;
      event: string;
      state: string;
      attempts: number;
      status: number | null;
      failure: string | null;
    }>();
  return results;
}
