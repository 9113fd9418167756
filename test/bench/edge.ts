import { answersASecond, prepare } from "./load.ts";
import { runWorkerd } from "./run-workerd.ts";
import { shopSnapshot } from "./shop-snapshot.ts";
import { baskets } from "./shop.ts";
import { readFileSync } from "node:fs";

console.time("compile");
const snapshot = await shopSnapshot();
console.timeEnd("compile");
console.log(snapshot.segments.length, snapshot.index.segments.length);
const server = await runWorkerd(snapshot);
try {
  const url = `http://127.0.0.1:${server.port}`;
  const auth = { Authorization: `Bearer ${snapshot.key}` };
  const hot = baskets(64, 100);
  const wide = baskets(2048, 100);
  const one = baskets(64, 1);
  const big = baskets(16, 500);
  const ask = async (path: string, method: string, body?: string) => {
    const r = await fetch(url + path, { method, headers: { ...auth, "Content-Type": "application/json" }, ...(body ? { body } : {}) });
    return r.text();
  };
  const first = await ask("/v1/prices", "POST", JSON.stringify(hot[0]));
  console.log(first.slice(0, 600));
  console.log((await ask("/bench/map", "POST", JSON.stringify(hot[0]))).slice(0, 400));
  await ask("/bench/text", "PUT", first);
  const asks = {
    healthz: [prepare({ path: "/healthz" })],
    "const POST": one.map((body) => prepare({ path: "/bench/constant", body })),
    "1 GET": one.map(({ customer, lines: [line] }) =>
      prepare({ path: `/v1/prices/${line?.sku}?customer=${customer}&quantity=${line?.quantity}`, headers: auth }),
    ),
    "1 POST": one.map((body) => prepare({ path: "/v1/prices", headers: auth, body })),
    "text 100": hot.map((body) => prepare({ path: "/bench/text", headers: auth, body })),
    "map 100": hot.map((body) => prepare({ path: "/bench/map", headers: auth, body })),
    "100 hot": hot.map((body) => prepare({ path: "/v1/prices", headers: auth, body })),
    "map 100 wide": wide.map((body) => prepare({ path: "/bench/map", headers: auth, body })),
    "100 wide": wide.map((body) => prepare({ path: "/v1/prices", headers: auth, body })),
    "500 hot": big.map((body) => prepare({ path: "/v1/prices", headers: auth, body })),
  };
  const cpu = () => {
    const f = readFileSync(`/proc/${server.process.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(f[11]) + Number(f[12])) * 10;
  };
  const only = process.argv[2]?.split(",");
  for (const [, requests] of Object.entries(asks)) await answersASecond(server.port, requests, 1000);
  const seen: Record<string, [number, number][]> = {};
  for (let round = 0; round < 3; round++)
    for (const [name, requests] of Object.entries(asks)) {
      if (only && !only.includes(name)) continue;
      const c = cpu();
      const rate = await answersASecond(server.port, requests, 1000);
      (seen[name] ??= []).push([rate, (cpu() - c) * 1000 / rate]);
    }
  for (const [name, all] of Object.entries(seen)) {
    console.log(name.padEnd(14), all.map(([r, c]) => `${r.toFixed(0)}/s ${c.toFixed(1)}us`).join("  "));
  }
} finally {
  await server.stop();
}
