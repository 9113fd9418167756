import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Question } from "../../shared/pricing/question.ts";
import type { PricingRecord } from "../../shared/pricing/records.ts";
import type { Scenario } from "../support/scenario.ts";
import { startPlanes, type Planes } from "../support/planes.ts";
import { formatInstant } from "../support/format-instant.ts";
import { expectAnswers, scenarioFiles, type Told } from "../support/scenario-files.ts";

let planes: Planes;
let standing: readonly PricingRecord[] = [];
let batches = 0;

beforeAll(async () => {
  planes = await startPlanes();
});

afterAll(async () => {
  await planes.close();
});

async function push(records: readonly object[]): Promise<string> {
  const pushed = await planes.control.fetch("/v1/erp/records", {
    method: "POST",
    headers: {
      Authorization: `Bearer ${planes.keys.erp.key}`,
      "Content-Type": "application/x-ndjson",
      "Idempotency-Key": `batch-${++batches}`,
    },
    body: records.map((record) => JSON.stringify(record)).join("\n"),
  });
  const { token, problems } = await pushed.json<{ token: string; problems: unknown[] }>();
  expect([pushed.status, problems]).toEqual([200, []]);
  return token;
}

/** Makes a scenario's records all that there are, and waits until they are live. Returns a token of them. */
async function replaceRecords({ records, deleted }: Scenario): Promise<string> {
  const deletion = ({ type, id }: PricingRecord) => ({ type, id, op: "delete" });
  let token = await push([...standing.map(deletion), ...deleted, ...records]);
  if (deleted.length > 0) token = await push(deleted.map(deletion));
  standing = records;
  const published = await planes.control.fetch("/v1/snapshots", {
    method: "POST",
    headers: { Authorization: `Bearer ${planes.keys.manager.key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ wait: true }),
  });
  expect((await published.json<{ status: string }>()).status).toBe("live");
  return token;
}

interface Line {
  readonly unitPrice: string;
  readonly per: string;
  readonly lineTotal: string;
  readonly explanation: readonly { readonly record?: string }[];
  readonly validUntil: string | null;
  readonly unavailable?: { readonly code: string };
}

async function ask({ sku, quantity, unit, at, ...question }: Question, atLeast: string): Promise<Told> {
  const response = await planes.edge.fetch("/v1/prices", {
    method: "POST",
    headers: { Authorization: `Bearer ${planes.keys.storefront.key}`, "Content-Type": "application/json" },
    body: JSON.stringify({
      ...question,
      at: formatInstant(at),
      atLeast,
      explain: true,
      lines: [{ sku, quantity, unit }],
    }),
  });
  const body = await response.json<{ code?: string; lines?: readonly Line[] }>();
  const [line] = body.lines ?? [];
  if (line === undefined) return { unavailable: body.code ?? "no line" };
  if (line.unavailable !== undefined) return { unavailable: line.unavailable.code };
  const { unitPrice, per, lineTotal: total, explanation, validUntil } = line;
  const until = validUntil?.replace(".000Z", "Z") ?? "ever";
  return { unitPrice, per, total, because: explanation.flatMap(({ record }) => record ?? []), until };
}

describe.each(scenarioFiles)("both planes, %s", (file, scenarios) => {
  it.each(scenarios.map((scenario) => [scenario.title, scenario] as const))(
    "%s",
    async (_title, scenario) => {
      const token = await replaceRecords(scenario);
      await expectAnswers(file, scenario, (question) => ask(question, token));
    },
  );
});
