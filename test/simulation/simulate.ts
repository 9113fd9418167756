import { vi } from "vitest";
import { leaseMilliseconds } from "../../control-plane/ingest/limits.ts";
import { segmentKey } from "../../shared/snapshot/keys.ts";
import { readManifest, segmentsOf } from "../../shared/snapshot/manifest.ts";
import { start } from "./company.ts";
import { ControlPlane } from "./control-plane.ts";
import { Edge } from "./edge.ts";
import { Erp } from "./erp.ts";
import { delayMillisecondsMax } from "./eventual-kv.ts";
import { Faults, type FaultPlan, type FaultPointName } from "./faults.ts";
import { History } from "./history.ts";
import { Manager } from "./manager.ts";
import { SeededRandom } from "./seeded-random.ts";
import { Shopper } from "./shopper.ts";
import { World } from "./world.ts";

export interface SimulationOptions {
  /** Whether shoppers tell what they have seen; else they only remember it. */
  readonly tells?: boolean;
  /** Whether somebody goes back to older snapshots. */
  readonly activates?: boolean;
  readonly point?: FaultPointName | undefined;
}

/** What one seed came to. */
export interface Simulated {
  readonly control: ControlPlane;
  readonly history: History;
  readonly hits: ReadonlyMap<FaultPointName, number>;
  /** How many questions had been asked when all was healed and had come to rest. */
  readonly askedBeforeRest: number;
  /** What was wrong with a snapshot when it went live. */
  readonly unready: readonly string[];
}

const shoppersCount = 3;
const safetyMilliseconds = 60_000;
// What an edge may still have of a head that it read, and the clock's work every five minutes.
const longestMilliseconds = 7_200_000;
const restMilliseconds = delayMillisecondsMax + 30_000 + 2 * 300_000;

/**
 * Runs a company for some minutes, with its ERP, a manager, shoppers, edges and faults, then lets all heal and asks
 * every edge again. What happens follows from the seed alone.
 */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<Simulated> {
  const random = new SeededRandom(seed);
  const world = new World(random, start);
  vi.spyOn(crypto, "randomUUID").mockImplementation(() => uuidOf(random));
  const faults = new Faults(random, planOf(random, options.point));
  const control = new ControlPlane(world, faults);
  const history = new History();
  const unready: string[] = [];
  control.onMove = ({ manifest }) => unready.push(...missingSegments(control, manifest));
  const company = { world, faults, control, history };
  const edges = ["north", "south", "west"].map((place) => new Edge(place, world, faults, control));
  const erp = new Erp(world, faults, control, history);
  const manager = new Manager(world, control, history);
  const shoppers = Array.from(
    { length: shoppersCount },
    () => new Shopper(world, edges, history, options.tells ?? true),
  );

  let isSafety = true;
  const loop = (milliseconds: number, work: (round: number) => Promise<unknown>) =>
    world.begin(async () => {
      for (let round = 1; isSafety; round++) {
        await world.sleep(random.below(2 * milliseconds));
        if (isSafety) await work(round);
      }
    });
  const done = (async () => {
    const isWide = random.chance(0.2);
    await erp.begin(isWide);
    while (control.head.current() === undefined) {
      await world.sleep(5_000);
      await manager.catchUp();
    }
    if (random.chance(0.4)) for (const edge of edges) edge.damaging = 0.3;
    for (const [index, shopper] of shoppers.entries()) {
      loop(1_500, () => shopper.ask());
      // What is sent while something else is under way may overtake it.
      const tell = (sent: Promise<{ readonly token: string; readonly sequence: number }>) =>
        world.begin(async () => {
          const { token, sequence } = await sent;
          shopper.learn(token, { number: 0, through: sequence });
        });
      if (index === 0) loop(15_000, async (round) => tell(erp.turnRing(round + 1)));
      if (index === 1) loop(30_000, async (round) => tell(erp.grantAndRevoke(round)));
      if (index === 2) {
        loop(40_000, async () => {
          const token = await manager.publish();
          if (token !== undefined) shopper.learn(token);
        });
      }
    }
    loop(25_000, async (round) => world.begin(() => erp.changeRule(round + 1)));
    loop(30_000, (round) => erp.sweepList(round));
    if (options.activates ?? true) loop(30_000, () => manager.goBack());
    loop(45_000, async () => random.pick(edges).restart());
    loop(60_000, async () => control.publisher.evict());
    loop(60_000, async () => cutOff(random.pick(edges), world));
    loop(100_000, () => manager.catchUp());
    if (random.chance(0.4)) loop(20_000, async () => manager.loseSegment());
    await world.sleep(safetyMilliseconds);

    isSafety = false;
    faults.heal();
    for (const edge of edges) edge.damaging = 0;
    while (!erp.isIdle || !manager.isIdle) await world.sleep(1_000);
    // Requests that died hold their lines for a while.
    await world.sleep(leaseMilliseconds);
    await erp.sendUnheard([{ type: "category", id: "tools", rev: 2, name: "The last change" }]);
    for (let passed = 0; passed < restMilliseconds; passed += 300_000) {
      await manager.catchUp();
      await world.sleep(300_000);
    }
    const askedBeforeRest = history.asked.length;
    for (const shopper of shoppers) for (const edge of edges) await shopper.ask(edge);
    return askedBeforeRest;
  })();
  const askedBeforeRest = await world.run(done, start + longestMilliseconds);
  return { ...company, hits: faults.hits, askedBeforeRest, unready };
}

function uuidOf(random: SeededRandom): ReturnType<typeof crypto.randomUUID> {
  const digits = (count: number) =>
    Array.from({ length: count }, () => random.below(16).toString(16)).join("");
  return `${digits(8)}-${digits(4)}-${digits(4)}-${digits(4)}-${digits(12)}`;
}

function planOf(random: SeededRandom, point: FaultPointName | undefined): FaultPlan {
  return {
    failing: random.pick([0, 0.01, 0.05]),
    dying: random.pick([0, 0.002, 0.02]),
    point,
  };
}

async function cutOff(edge: Edge, world: World): Promise<void> {
  edge.isCutOff = true;
  await world.sleep(world.random.below(150_000));
  edge.isCutOff = false;
}

/** What a snapshot names that either store lacks: it must not go live. */
function missingSegments(control: ControlPlane, manifest: string): string[] {
  const stored = new Set(
    control.published
      .prepare("SELECT hash FROM segments GROUP BY hash HAVING count(*) = max(parts)")
      .all()
      .map((row) => String(row["hash"])),
  );
  const copied = control.kv.newest(segmentKey(manifest));
  if (!(copied instanceof Uint8Array)) return [`the manifest ${manifest} is not in KV`];
  return [manifest, ...segmentsOf(readManifest(copied))].flatMap((hash) => [
    ...(stored.has(hash) ? [] : [`${hash} is not in the store of record`]),
    ...(control.kv.newest(segmentKey(hash)) === undefined ? [`${hash} is not in KV`] : []),
  ]);
}
