import type { Head } from "../../shared/snapshot/head.ts";
import { signChangeCursor } from "../../shared/snapshot/change-cursor.ts";
import { signToken } from "../../shared/snapshot/token.ts";
import type { SnapshotRow } from "../publish/snapshot-log.ts";

export const eventTypes = ["snapshot.activated", "snapshot.held", "publish.failed"] as const;
export type EventType = (typeof eventTypes)[number];

/** Something that webhooks are told. What happened once has one id, however often it is found. */
export interface WebhookEvent {
  readonly id: string;
  readonly type: EventType;
  readonly at: number;
  /** The message's body, the same with every attempt. */
  readonly body: string;
}

/** @param previous the head before, from which the receiver reads what changed */
export function activated(head: Head, previous: Head | undefined, secret: string): WebhookEvent {
  const { number, snapshot, sequence, through, movedAt } = head;
  return eventOf("snapshot.activated", `${snapshot}_${number}`, Date.parse(movedAt), {
    snapshot: { id: snapshot, sequence },
    token: signToken({ number, through }, secret),
    after:
      previous === undefined
        ? null
        : signChangeCursor({ seen: { number: previous.number, manifest: previous.manifest } }, secret),
  });
}

/** `guard` says why, where somebody is to look at it who did not ask for that. */
export function held({ id, sequence, note, guard }: SnapshotRow, at: number): WebhookEvent {
  return eventOf("snapshot.held", `${id}_held`, at, { snapshot: { id, sequence }, note, guard });
}

export function failed({ id, sequence, note, failure }: SnapshotRow, at: number): WebhookEvent {
  return eventOf("publish.failed", `${id}_failed`, at, { snapshot: { id, sequence }, note, failure });
}

function eventOf(type: EventType, name: string, at: number, data: object): WebhookEvent {
  const timestamp = new Date(at).toISOString();
  return { id: `msg_${name}`, type, at, body: JSON.stringify({ type, timestamp, data }) };
}
