import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepare } from "./load.ts";
import { runPostgres } from "./peers/run-postgres.ts";
import { compare, type Compared, type Contestant } from "./rounds.ts";
import { runWorkerd, type Running } from "./run-workerd.ts";
import { askAt, checkSameAnswers } from "./same-answers.ts";
import { shopSnapshot, type ShopSnapshot } from "./shop-snapshot.ts";
import { baskets } from "./shop.ts";

/**
 * The edge against what a shop would write itself: Hono on Node, which asks a database for each line's price by its
 * primary key. These check neither the caller nor the question. The same data, and answers that are checked to be the
 * same.
 */
const again = baskets(64, 100);
const everNew = baskets(2_000, 100);

const snapshot = await shopSnapshot();
const folder = mkdtempSync(join(tmpdir(), "pricewright-peers-"));
const pricesFile = join(folder, "prices.json");
writeFileSync(pricesFile, JSON.stringify(snapshot.prices));
const edge = await runWorkerd(snapshot);
try {
  const table = await against(await runPeer("sqlite-server.ts", join(folder, "prices.sqlite")), {
    name: "Node, SQLite",
    target: 3,
  });
  const postgres = await runPostgres();
  if (postgres === undefined) {
    console.error("NOT MEASURED: PostgreSQL is not installed. On Debian: apt-get install postgresql");
  } else {
    try {
      const peer = await runPeer("postgres-server.ts", String(postgres.port));
      table.push(...(await against(peer, { name: "Node, PostgreSQL", target: 2 })));
    } finally {
      await postgres.stop();
    }
  }
  console.table(table);
} finally {
  await edge.stop();
  rmSync(folder, { recursive: true });
}

async function runPeer(file: string, ...args: string[]): Promise<Running> {
  const process = fork(join(import.meta.dirname, "peers", file), [pricesFile, ...args]);
  const [port] = (await once(process, "message")) as [number];
  return {
    port,
    process,
    async stop() {
      process.disconnect();
      await once(process, "exit");
    },
  };
}

async function against(
  peer: Running,
  { name, target }: { name: string; target: number },
): Promise<Compared[]> {
  try {
    const headers = authorization(snapshot);
    await checkSameAnswers([...again, ...everNew.slice(0, 50)], askAt(edge.port, "/v1/prices", headers), {
      [name]: askAt(peer.port, "/prices"),
    });
    const pair = (what: string, asked: typeof again, goal?: number): Contestant[] => {
      const other = `${what}: ${name}`;
      return [
        { name: other, server: peer, requests: asked.map((body) => prepare({ path: "/prices", body })) },
        {
          name: `${what}: the edge`,
          server: edge,
          requests: asked.map((body) => prepare({ path: "/v1/prices", headers, body })),
          against: other,
          ...(goal === undefined ? {} : { target: goal }),
        },
      ];
    };
    return [
      ...(await compare(pair("100 prices", again, target))),
      ...(await compare(pair("100 new prices", everNew))),
    ];
  } finally {
    await peer.stop();
  }
}

function authorization({ key }: ShopSnapshot): Readonly<Record<string, string>> {
  return { Authorization: `Bearer ${key}` };
}
