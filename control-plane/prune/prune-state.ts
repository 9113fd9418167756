/** How far a pruning has come. */
export interface Pruning {
  /** Whether it is decided which snapshots are not kept. */
  readonly isDecided: boolean;
  /** The segment up to which all were looked at, in the order of their names. */
  readonly after: string;
  /** The segments that are being deleted; they are again if that fails. */
  readonly deleting: readonly string[];
  /** What was pruned so far. */
  readonly snapshots: number;
  readonly segments: number;
  /** How often in a row a step of it has failed. */
  readonly failures: number;
}

/** What pruning remembers between its steps, in the publisher's SQLite. */
export class PruneState {
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#sql = storage.sql;
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS pruning (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS needed (hash TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    `);
  }

  current(): Pruning | undefined {
    return this.#get<Pruning>("current");
  }

  /** Begins a pruning, which knows of no segment yet that it is needed. */
  begin(): void {
    this.#sql.exec("DELETE FROM needed");
    this.save({ isDecided: false, after: "", deleting: [], snapshots: 0, segments: 0, failures: 0 });
  }

  save(pruning: Pruning): void {
    this.#set("current", pruning);
  }

  /** @param now in milliseconds since 1970 */
  end(now: number): void {
    this.#sql.exec("DELETE FROM pruning WHERE name = 'current'");
    this.#sql.exec("DELETE FROM needed");
    this.#set("endedAt", now);
  }

  /** When the last one ended, in milliseconds since 1970. */
  endedAt(): number | undefined {
    return this.#get<number>("endedAt");
  }

  /** Whether a deletion may be underway, be it one of an object that died over it. */
  isSweeping(): boolean {
    return this.#get<boolean>("isSweeping") ?? false;
  }

  setSweeping(value: boolean): void {
    this.#set("isSweeping", value);
  }

  /** Notes segments that are needed. */
  need(hashes: Iterable<string>): void {
    this.#sql.exec(
      "INSERT OR IGNORE INTO needed (hash) SELECT value FROM json_each(?)",
      JSON.stringify([...hashes]),
    );
  }

  /** Those of the segments of which it is not noted that they are needed. */
  notNeeded(hashes: readonly string[]): string[] {
    const rows = this.#sql.exec<{ hash: string }>(
      "SELECT value AS hash FROM json_each(?) WHERE value NOT IN (SELECT hash FROM needed)",
      JSON.stringify(hashes),
    );
    return [...rows].map(({ hash }) => hash);
  }

  #get<Value>(name: string): Value | undefined {
    const [row] = this.#sql
      .exec<{ value: string }>("SELECT value FROM pruning WHERE name = ?", name)
      .toArray();
    // Only `#set` writes here, with the type that its caller asks back.
    return row === undefined ? undefined : (JSON.parse(row.value) as Value);
  }

  #set(name: string, value: unknown): void {
    this.#sql.exec("INSERT OR REPLACE INTO pruning (name, value) VALUES (?, ?)", name, JSON.stringify(value));
  }
}
