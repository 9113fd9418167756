import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

const migrations = join(import.meta.dirname, "../../migrations");
// What D1 refuses; see its documentation of limits.
const parametersMax = 100;
const statementBytesMax = 100_000;
const valueBytesMax = 2_000_000;

const statements = new WeakMap<DatabaseSync, Map<string, StatementSync>>();
const databases = new Map<string, DatabaseSync>();

/** A database in memory with a plane's tables and no rows. It is the same one again, whose statements are prepared. */
export function emptyDatabase(name: "catalog" | "published"): DatabaseSync {
  const known = databases.get(name);
  if (known !== undefined) {
    known.exec(resets.get(known) ?? "");
    return known;
  }
  const database = new DatabaseSync(":memory:");
  const folder = join(migrations, name);
  for (const file of readdirSync(folder)
    .filter((one) => one.endsWith(".sql"))
    .sort()) {
    database.exec(readFileSync(join(folder, file), "utf8"));
  }
  databases.set(name, database);
  resets.set(database, resetOf(database));
  return database;
}

const resets = new WeakMap<DatabaseSync, string>();

/** SQL that makes the database as it is now. */
function resetOf(database: DatabaseSync): string {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const resetting = tables.flatMap(({ name }) => {
    const rows = database.prepare(`SELECT * FROM ${name}`).all();
    const insertions = rows.map((row) => `INSERT INTO ${name} VALUES (${Object.values(row).join(", ")})`);
    return [`DELETE FROM ${name}`, ...insertions];
  });
  return resetting.join(";");
}

/**
 * A D1 database over one in memory, as far as the planes use one: a statement is atomic and so is a batch, bytes
 * come back as arrays of numbers, and what D1 refuses for its size is refused.
 */
export function sqliteD1(database: DatabaseSync): D1Database {
  const prepared = statements.get(database) ?? new Map<string, StatementSync>();
  statements.set(database, prepared);

  function statementOf(sql: string): StatementSync {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    if (Buffer.byteLength(sql) > statementBytesMax) throw new Error("D1_ERROR: statement too long");
    const statement = database.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  }

  class Statement {
    readonly sql: string;
    readonly values: readonly SQLInputValue[];

    constructor(sql: string, values: readonly unknown[]) {
      this.sql = sql;
      this.values = values.map(bindable);
      if (values.length > parametersMax) throw new Error("D1_ERROR: too many SQL variables");
    }

    bind(...values: unknown[]): Statement {
      return new Statement(this.sql, values);
    }

    rows(asArrays: boolean): Record<string, unknown>[] | unknown[][] {
      const statement = statementOf(this.sql);
      statement.setReturnArrays(asArrays);
      const rows: unknown[] = statement.all(...this.values);
      return asArrays
        ? (rows as unknown[][]).map((row) => row.map(stored))
        : (rows as object[]).map((row) =>
            Object.fromEntries(Object.entries(row).map(([name, value]) => [name, stored(value)])),
          );
    }

    result() {
      return { success: true, results: this.rows(false), meta: {} };
    }

    async all() {
      return this.result();
    }

    async run() {
      return this.result();
    }

    async raw() {
      return this.rows(true);
    }

    async first(column?: string) {
      const [row] = this.rows(false) as Record<string, unknown>[];
      if (row === undefined) return null;
      return column === undefined ? row : row[column];
    }
  }

  const d1 = {
    prepare: (sql: string) => new Statement(sql, []),
    async batch(statements: readonly Statement[]) {
      database.exec("BEGIN");
      try {
        const results = statements.map((statement) => statement.result());
        database.exec("COMMIT");
        return results;
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
    },
  };
  return d1 as unknown as D1Database; // A plane that calls anything else fails at once.
}

function bindable(value: unknown): SQLInputValue {
  if (value === null || typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "string" && value.length <= valueBytesMax) return value;
  if (value instanceof Uint8Array) return value;
  throw new Error(`D1_TYPE_ERROR: Cannot bind a value of type ${typeof value}`);
}

function stored(value: unknown): unknown {
  return value instanceof Uint8Array ? [...value] : value;
}
