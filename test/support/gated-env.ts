import type { ControlEnv } from "../../control-plane/env.ts";
import type { HeadObject } from "../../control-plane/head-object.ts";
import type { CompileMessage } from "../../control-plane/publish/take-tasks.ts";

/** Stands between a Worker and its stores: does the work, or fails, or never answers. */
export type Gate = <Result>(call: string, work: () => Promise<Result>) => Promise<Result>;

/**
 * The control plane's real bindings, with each call through the gate. The head is an object of its own, so that
 * one test's heads are not another's, and what is sent to the queue goes where the test has it.
 */
export function gatedEnv(
  env: ControlEnv,
  gate: Gate,
  head: DurableObjectStub<HeadObject>,
  queued: CompileMessage[],
): ControlEnv {
  return {
    ...env,
    CATALOG: gatedDatabase(env.CATALOG, "catalog", gate),
    PUBLISHED: gatedDatabase(env.PUBLISHED, "published", gate),
    SNAPSHOTS: replaced(env.SNAPSHOTS, {
      get: (...call: Parameters<KVNamespace["get"]>) => gate("kv.get", () => env.SNAPSHOTS.get(...call)),
      put: (...call: Parameters<KVNamespace["put"]>) => gate("kv.put", () => env.SNAPSHOTS.put(...call)),
    }),
    COMPILE: replaced(env.COMPILE, {
      sendBatch: (messages: { body: CompileMessage }[]) =>
        gate("queue.sendBatch", async () => {
          queued.push(...messages.map(({ body }) => body));
        }),
    }),
    HEAD: replaced(env.HEAD, {
      getByName: () => ({
        current: () => gate("head.current", async () => head.current()),
        move: (to: Parameters<HeadObject["move"]>[0]) => gate("head.move", async () => head.move(to)),
      }),
    }),
  };
}

/** The database with each call through the gate, under a name. */
export function gatedDatabase(database: D1Database, name: string, gate: Gate): D1Database {
  const inner = new WeakMap<object, D1PreparedStatement>();
  const gated = (statement: D1PreparedStatement): D1PreparedStatement => {
    const outer = replaced(statement, {
      bind: (...values: unknown[]) => gated(statement.bind(...values)),
      first: (...call: []) => gate(`${name}.first`, () => statement.first(...call)),
      run: () => gate(`${name}.run`, () => statement.run()),
      all: () => gate(`${name}.all`, () => statement.all()),
      raw: (...call: []) => gate(`${name}.raw`, () => statement.raw(...call)),
    });
    inner.set(outer, statement);
    return outer;
  };
  return replaced(database, {
    prepare: (sql: string) => gated(database.prepare(sql)),
    batch: (statements: D1PreparedStatement[]) =>
      gate(`${name}.batch`, () => database.batch(statements.map((outer) => inner.get(outer) ?? outer))),
  });
}

/** The binding with some of its methods replaced; what is not replaced is not to be called. */
function replaced<Binding extends object>(_binding: Binding, methods: object): Binding {
  return methods as Binding; // A test that calls another method fails at once.
}
