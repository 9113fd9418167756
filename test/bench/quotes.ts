import { startPlanes, type Planes } from "../support/planes.ts";

/**
 * What a page of quotes, an approver's inbox and one command cost with 200 and with 2,000 open quotes of 50 lines, of
 * which each waits for one of 20 approvers. Both sizes run side by side and are asked in turn, so that whatever else
 * the machine does meets both, and their ratio can be compared between machines.
 */
const sizes = { small: 200, large: 2_000 };
const [lines, approvers] = [50, 20];
const rounds = 9;
const asksPerRound = 20;
const openedAtOnce = 8;

interface Company {
  readonly planes: Planes;
  readonly quotes: readonly { readonly id: string; version: number }[];
  readonly seller: string;
  /** One of them. */
  readonly approver: string;
}

const companies = [await companyWith(sizes.small), await companyWith(sizes.large)] as const;
try {
  const asks: readonly (readonly [string, (company: Company, number: number) => Promise<unknown>])[] = [
    ["a page of 50 quotes", ({ planes, seller }) => ask(planes, seller, "/v1/quotes?limit=50")],
    ["an approver's inbox", ({ planes, approver }) => ask(planes, approver, "/v1/inbox")],
    ["one command (comment)", (company, number) => comment(company, number)],
  ];
  const found = asks.map(() => companies.map((): number[] => []));
  for (let round = 0; round <= rounds; round++) {
    for (const [index, [, work]] of asks.entries()) {
      for (const [size, company] of companies.entries()) {
        const start = performance.now();
        for (let number = 0; number < asksPerRound; number++)
          await work(company, round * asksPerRound + number);
        // The first round warms up.
        if (round > 0) found[index]?.[size]?.push((performance.now() - start) / asksPerRound);
      }
    }
  }
  console.log(`\n${rounds} rounds of ${asksPerRound} requests each, medians in milliseconds`);
  console.table(
    asks.map(([name], index) => {
      const [small, large] = [median(found[index]?.[0] ?? []), median(found[index]?.[1] ?? [])];
      return {
        asked: name,
        [`${sizes.small} open`]: Number(small.toFixed(2)),
        [`${sizes.large} open`]: Number(large.toFixed(2)),
        ratio: Number((large / small).toFixed(2)),
      };
    }),
  );
} finally {
  for (const { planes } of companies) await planes.close();
}

async function companyWith(size: number): Promise<Company> {
  const planes = await startPlanes();
  await publish(planes, records());
  const key = async (role: string, person: string) =>
    (
      await ask<{ key: string }>({ edge: planes.control }, planes.keys.admin.key, "/v1/keys", {
        body: { role, person },
      })
    ).key;
  const seller = await key("sales", "sally");
  const approver = await key("approver", "approver-0");
  const quotes: { id: string; version: number }[] = [];
  const start = performance.now();
  await Promise.all(
    Array.from({ length: openedAtOnce }, async (_, worker) => {
      for (let number = worker; number < size; number += openedAtOnce) {
        quotes.push(await offered(planes, seller, `customer-${number % approvers}`));
      }
    }),
  );
  await untilWaiting(planes, approver, size / approvers);
  console.log(`${size} quotes offered in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return { planes, quotes, seller, approver };
}

/** An offer of 50 lines, a tenth below the list. */
async function offered(
  planes: Planes,
  seller: string,
  customer: string,
): Promise<{ id: string; version: number }> {
  const basket = Array.from({ length: lines }, (_, index) => ({
    sku: `product-${index}`,
    quantity: "10",
    offeredPrice: "9.00",
  }));
  const draft = await ask<{ id: string }>(planes, seller, "/v1/quotes", {
    body: { customer, lines: basket },
  });
  return ask(planes, seller, `/v1/quotes/${draft.id}/offer`, {
    body: {},
    version: 1,
    key: `offer-${draft.id}`,
  });
}

async function comment({ planes, quotes, seller }: Company, number: number): Promise<void> {
  const quote = quotes[(number * 7) % quotes.length];
  if (quote === undefined) return;
  const { version } = await ask<{ version: number }>(planes, seller, `/v1/quotes/${quote.id}/comment`, {
    body: { text: "Any news?" },
    version: quote.version,
    key: `comment-${number}`,
  });
  quote.version = version;
}

async function untilWaiting(planes: Planes, approver: string, count: number): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (performance.now() < deadline) {
    const { entries } = await ask<{ entries: readonly object[] }>(planes, approver, "/v1/inbox");
    if (entries.length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("The inbox does not fill");
}

function* records(): Generator<object> {
  yield { type: "person", id: "sally", name: "Sally" };
  yield {
    type: "approvalPolicy",
    id: "everything",
    when: { discountAbove: "5" },
    tier: 1,
    needs: [{ of: [{ team: "approver" }] }],
  };
  for (let index = 0; index < approvers; index++) {
    const person = `approver-${index}`;
    yield { type: "person", id: person, name: person };
    const team = [{ person, role: "approver" }];
    yield { type: "customer", id: `customer-${index}`, name: `Customer ${index}`, currency: "EUR", team };
  }
  for (let index = 0; index < lines; index++) {
    const money = (amount: string) => ({ amount, currency: "EUR" });
    const [id, name] = [`product-${index}`, `Product ${index}`];
    yield { type: "product", id, name, unit: "EA", listPrice: money("10.00"), cost: money("7.00") };
  }
}

async function publish(planes: Planes, company: Iterable<object>): Promise<void> {
  const response = await planes.control.fetch("/v1/erp/records", {
    method: "POST",
    headers: {
      Authorization: `Bearer ${planes.keys.erp.key}`,
      "Content-Type": "application/x-ndjson",
      "Idempotency-Key": "company",
    },
    body: Array.from(company, (record) => JSON.stringify(record)).join("\n"),
  });
  const { problems } = await response.json<{ problems: readonly object[] }>();
  if (!response.ok || problems.length > 0) throw new Error(`The company: ${JSON.stringify(problems)}`);
  await ask({ edge: planes.control }, planes.keys.manager.key, "/v1/snapshots", { body: { wait: true } });
}

async function ask<Body>(
  { edge }: Pick<Planes, "edge">,
  bearer: string,
  path: string,
  given?: { readonly body: object; readonly version?: number; readonly key?: string },
): Promise<Body> {
  const headers = {
    Authorization: `Bearer ${bearer}`,
    ...(given === undefined ? {} : { "Content-Type": "application/json" }),
    ...(given?.version === undefined ? {} : { "If-Match": `"${given.version}"` }),
    ...(given?.key === undefined ? {} : { "Idempotency-Key": given.key }),
  };
  const sent = given === undefined ? {} : { method: "POST", body: JSON.stringify(given.body) };
  const response = await edge.fetch(path, { headers, ...sent });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json<Body>();
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
