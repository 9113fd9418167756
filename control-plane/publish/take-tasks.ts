import { companyOf, companyTypes, type CompanyRecord } from "../../shared/pricing/company.ts";
import { log } from "../../shared/api/log.ts";
import { TaskContext } from "../compile/bucket-task.ts";
import type { ControlEnv } from "../env.ts";
import { publisherName } from "../publisher-object.ts";
import { allRecords } from "../queries/read-records.ts";
import { compileBuckets } from "./compile-buckets.ts";
import { recordOf } from "./load-plan.ts";

/** A bucket that is to be compiled for a snapshot. What it takes is asked of the publisher. */
export interface CompileMessage {
  readonly snapshot: string;
  readonly bucket: string;
}

/**
 * Compiles the buckets that messages name. A message may come twice, late or for a snapshot that is done: the
 * publisher says whether its bucket is still wanted, and takes each result once. One that fails comes again; one that
 * never comes is compiled by the publisher.
 */
export async function takeTasks(batch: MessageBatch<CompileMessage>, env: ControlEnv): Promise<void> {
  for (const message of batch.messages) {
    try {
      await takeTask(message.body, env);
      message.ack();
    } catch (error) {
      log("bucket_not_compiled", { ...message.body, attempts: message.attempts, error });
      message.retry();
    }
  }
}

async function takeTask({ snapshot, bucket: id }: CompileMessage, env: ControlEnv): Promise<void> {
  const publisher = env.PUBLISHER.getByName(publisherName);
  const wanted = await publisher.taskFor(snapshot, id);
  if (wanted === undefined) return;
  const { task, sequence, companyDigest } = wanted;
  const context = await contextOf(env.CATALOG, sequence, companyDigest);
  const { results, written } = await compileBuckets(
    [context.bucketOf(task)],
    context.contextFor(task),
    sequence,
    { catalog: env.CATALOG, published: env.PUBLISHED },
    (hashes) => publisher.noteOutgoing(hashes),
  );
  for (const result of results) await publisher.bucketCompiled(snapshot, result, written);
}

// The buckets of one snapshot come one after the other, and all need the same company.
let lastContext: { readonly digest: string; readonly context: TaskContext } | undefined;

async function contextOf(catalog: D1Database, sequence: number, digest: string): Promise<TaskContext> {
  if (lastContext?.digest === digest) return lastContext.context;
  const records: CompanyRecord[] = [];
  for await (const row of allRecords(catalog, companyTypes, sequence)) {
    records.push(recordOf<CompanyRecord>(row));
  }
  const context = new TaskContext(companyOf(records));
  lastContext = { digest, context };
  return context;
}
