import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildWorkers } from "./build-workers.ts";
import { credentialsOf } from "./credentials.ts";
import { loadSample } from "./load-sample.ts";
import { LocalPlanes } from "./local-planes.ts";
import { checkPortsAreFree } from "./ports.ts";
import { migrate } from "./migrate.ts";
import { secretsOf } from "./secrets.ts";
import { lockState } from "./state-lock.ts";

const root = join(import.meta.dirname, "..");
const stateFolder = resolve(root, process.env["STATE_DIR"] ?? ".state");
const ports = { edge: portOf("EDGE_PORT", 8787), control: portOf("CONTROL_PORT", 8788) };

await start().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

/** Nothing listens on the two ports before all is in place, so that an answer there means 'ready'. */
async function start(): Promise<void> {
  await checkPortsAreFree(ports);
  mkdirSync(stateFolder, { recursive: true });
  lockState(stateFolder);
  const secrets = secretsOf(stateFolder);
  await buildWorkers(root, join(stateFolder, "build"));

  const planes = await LocalPlanes.open({ root, stateFolder, secrets });
  await migrate(await planes.database("CATALOG"), join(root, "migrations/catalog"));
  await migrate(await planes.database("PUBLISHED"), join(root, "migrations/published"));
  const inside = await planes.urls();
  const credentials = await credentialsOf(stateFolder, {
    control: inside.control,
    adminKey: secrets.adminKey,
  });
  const example = process.env["SAMPLE"] === "none" ? undefined : await loadSample(inside, credentials);

  await planes.listen(ports);
  const [edge, control] = [`http://127.0.0.1:${ports.edge}`, `http://127.0.0.1:${ports.control}`];
  console.log(`\nedge           ${edge}/docs\ncontrol plane  ${control}/docs`);
  console.log(`keys           ${join(stateFolder, "credentials.json")}`);
  console.log("quotes         README.md: the whole life of a quote with curl\n");
  if (example !== undefined) console.log(example({ edge, control }));
}

function portOf(name: string, otherwise: number): number {
  const text = process.env[name] ?? String(otherwise);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port >= 1 && port <= 65_535) return port;
  console.error(`${name} must be a port number: it is ${text}`);
  process.exit(1);
}
