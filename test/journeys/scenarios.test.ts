import { afterAll, beforeAll, describe, it } from "vitest";
import type { Question } from "../../shared/pricing/question.ts";
import type { PricingRecord } from "../../shared/pricing/records.ts";
import type { Scenario } from "../support/scenario.ts";
import { startPlanes, type Planes } from "../support/planes.ts";
import { formatInstant } from "../support/format-instant.ts";
import { publish, push } from "../support/erp.ts";
import { expectAnswers, scenarioFiles, type Told } from "../support/scenario-files.ts";

let planes: Planes;
let standing: readonly PricingRecord[] = [];

beforeAll(async () => {
  planes = await startPlanes();
});

afterAll(async () => {
  await planes.close();
});

/** Makes a scenario's records all that there are, and waits until they are live. Returns a token of them. */
async function replaceRecords({ records, deleted }: Scenario): Promise<string> {
  const deletion = ({ type, id }: PricingRecord) => ({ type, id, op: "delete" });
  let { token } = await push(planes, [...standing.map(deletion), ...deleted, ...records]);
  if (deleted.length > 0) ({ token } = await push(planes, deleted.map(deletion)));
  standing = records;
  await publish(planes);
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
