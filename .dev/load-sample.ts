import { gzipSync } from "node:zlib";
import { companyOfSample } from "../test/sample/company.ts";
import { sampleRecords, type SampleRecord } from "../test/sample/feed.ts";
import type { Credentials } from "./credentials.ts";

interface Urls {
  readonly edge: string;
  readonly control: string;
}

/** What to try with the sample company, once it is known where the planes listen. */
export type Example = (urls: Urls) => string;

/** Sends the sample company as an ERP would, unless anything was published before, and waits until it is live. */
export async function loadSample(urls: Urls, keys: Credentials): Promise<Example> {
  const records = sampleRecords(new Date());
  const asked = exampleOf(records);
  if (!(await hasSnapshot(urls.control, keys.manager))) {
    console.log(`Loading the sample company, ${records.length} records …`);
    const sequence = await send(urls.control, keys.erp, records);
    await waitUntilLive(urls.control, keys.manager, sequence);
  }
  return (at) => exampleText(at, keys, asked);
}

/** A store, its sales manager, and a product for which it has no contract yet and no offer that would come off one. */
function exampleOf(records: readonly SampleRecord[]): Asked {
  const { contractStoreIds, pricedSkus, offeredSkus } = companyOfSample(records);
  const [customer] = contractStoreIds;
  const contracted = records.flatMap((record) =>
    record.type === "price" && record.customer === customer ? record.sku : [],
  );
  const sku = pricedSkus.find((one) => !contracted.includes(one) && !offeredSkus.includes(one));
  const team = records.flatMap((record) =>
    record.type === "customer" && record.id === customer ? (record.team ?? []) : [],
  );
  const manager = team.find(({ role }) => role === "sales-manager")?.person;
  if (customer === undefined || sku === undefined || manager === undefined)
    throw new Error("The sample has no price to show");
  return { customer, sku, manager };
}

interface Asked {
  readonly customer: string;
  readonly sku: string;
  /** Who approves what is given away to the customer. */
  readonly manager: string;
}

async function hasSnapshot(control: string, key: string): Promise<boolean> {
  const { snapshots } = await answerOf<{ snapshots: unknown[] }>(
    fetch(`${control}/v1/snapshots?limit=1`, { headers: { Authorization: `Bearer ${key}` } }),
  );
  return snapshots.length > 0;
}

async function send(control: string, key: string, records: readonly unknown[]): Promise<number> {
  const lines = records.map((record) => JSON.stringify(record)).join("\n");
  const { sequence, counts, problems } = await answerOf<{
    sequence: number;
    counts: { invalid: number; parked: number };
    problems: unknown[];
  }>(
    fetch(`${control}/v1/erp/records`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${key}`,
        "Content-Type": "application/x-ndjson",
        "Content-Encoding": "gzip",
        "Idempotency-Key": "sample-company",
      },
      body: new Uint8Array(gzipSync(lines)),
    }),
  );
  if (counts.invalid > 0 || counts.parked > 0) {
    throw new Error(`The sample has bad records: ${JSON.stringify(problems.slice(0, 3))}`);
  }
  return sequence;
}

async function waitUntilLive(control: string, key: string, sequence: number): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (Date.now() < deadline) {
    const { snapshots } = await answerOf<{
      snapshots: { sequence: number; status: string; failure: string | null }[];
    }>(fetch(`${control}/v1/snapshots?limit=1`, { headers: { Authorization: `Bearer ${key}` } }));
    const [newest] = snapshots;
    if (newest?.status === "live" && newest.sequence >= sequence) return;
    if (newest?.status === "failed") throw new Error(`The sample could not be published: ${newest.failure}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("The sample was not published within two minutes");
}

async function answerOf<Answer>(sent: Promise<Response>): Promise<Answer> {
  const response = await sent;
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Answer; // By the route's description.
}

function exampleText({ edge, control }: Urls, keys: Credentials, asked: Asked): string {
  const { customer, sku, manager } = asked;
  const price = `curl -s -w '\\n' -H 'Authorization: Bearer ${keys.storefront}' '${edge}/v1/prices/${sku}?customer=${customer}&explain=true'`;
  const record = { type: "price", id: "try-1", customer, sku, currency: "USD", amount: "1.23" };
  const key = { role: "approver", person: manager };
  return `Try it: what a store pays, a new contract price from its ERP, and what it pays a second later.

${price}

curl -s -w '\\n' -H 'Authorization: Bearer ${keys.erp}' -H "Idempotency-Key: $(date +%s)" \\
  -H 'Content-Type: application/x-ndjson' -d '${JSON.stringify(record)}' ${control}/v1/erp/records

sleep 1; ${price}

A key of the sales manager who approves what the store's offers give away, for quotes:

curl -s -w '\\n' -H 'Authorization: Bearer ${keys.admin}' -H 'Content-Type: application/json' \\
  -d '${JSON.stringify(key)}' ${control}/v1/keys
`;
}
