import type { BucketNames } from "../compile/manifest-of.ts";
import { guardDefaults, type GuardSettings } from "../guard/guard-settings.ts";
import type { Judging } from "../guard/judge-run.ts";
import { retentionDefaults, type Retention } from "../prune/retention.ts";
import type { BucketResult } from "./compile-buckets.ts";
import { OverlayState } from "./overlay-state.ts";

/** A snapshot that is being made, or waits for the one before. */
export interface Job {
  readonly snapshot: string;
  readonly sequence: number;
  readonly note: string | undefined;
  /** Whether it is only made, to be looked at and activated by somebody. */
  readonly hold: boolean;
  /** Whether somebody has said that it is meant, so that the guard need not look at it. */
  readonly confirmed: boolean;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly phase: "compile" | "copy" | "judge" | "move";
  /** The manifest's content hash, once there is one. */
  readonly manifest: string | null;
  /** How far the guard has come with it. */
  readonly judging: Judging | null;
  /** How often in a row a step of it has failed. */
  readonly failures: number;
}

/** What a compiled bucket was made from; when all of it is the same, so are its segments. */
export interface BucketOrigin {
  /** Its SKUs and variants. */
  readonly key: string;
  /** Of all the company's records: when it is the same, so are the two that follow. */
  readonly company: string;
  /** Of what every bucket depends on. */
  readonly shared: string;
  /** Of what its customers' own prices depend on. */
  readonly individuals: string;
  /** The sequence up to which its products and prices are known to be the same. */
  readonly sequence: number;
}

/** Where products are without prices: in a bucket, or in a customer's overlay; the other of the two is "". */
interface UnpricedIn {
  readonly bucket: string;
  readonly customer: string;
}

// An isolate that takes messages has 15 minutes.
const lateMilliseconds = 3_600_000;

/**
 * What the publisher remembers between its steps, in its Durable Object's SQLite. Each method is one
 * transaction, so that a crash leaves every step either done or not begun.
 */
export class PublishState {
  /** What customers with prices of their own get. */
  readonly overlays: OverlayState;
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.overlays = new OverlayState(storage);
    storage.sql.exec(`
      CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
      DROP TABLE IF EXISTS bucket;
      CREATE TABLE IF NOT EXISTS compiled (
        id TEXT PRIMARY KEY, key TEXT NOT NULL, company TEXT NOT NULL, shared TEXT NOT NULL,
        individuals TEXT NOT NULL, accounts TEXT NOT NULL CHECK (json_valid(accounts)),
        sequence INTEGER NOT NULL, names TEXT NOT NULL CHECK (json_valid(names))
      ) STRICT;
      DELETE FROM compiled WHERE EXISTS (SELECT * FROM sqlite_schema WHERE name = 'fragment');
      DROP TABLE IF EXISTS fragment;
      CREATE TABLE IF NOT EXISTS unpriced (
        bucket TEXT NOT NULL, customer TEXT NOT NULL, skus TEXT NOT NULL CHECK (json_valid(skus)),
        PRIMARY KEY (bucket, customer)
      ) STRICT;
      CREATE TABLE IF NOT EXISTS outgoing (hash TEXT PRIMARY KEY) STRICT;
      CREATE TABLE IF NOT EXISTS late (hash TEXT PRIMARY KEY, since INTEGER NOT NULL) STRICT;
    `);
  }

  /** In the order in which they are made. */
  jobs(): readonly Job[] {
    return this.#setting<readonly Job[]>("jobs") ?? [];
  }

  addJob(job: Job): void {
    this.#set("jobs", [...this.jobs(), job]);
  }

  saveJob(job: Job): void {
    this.#set(
      "jobs",
      this.jobs().map((known) => (known.snapshot === job.snapshot ? job : known)),
    );
  }

  removeJob(snapshot: string): void {
    this.#set(
      "jobs",
      this.jobs().filter((known) => known.snapshot !== snapshot),
    );
  }

  autoPublish(): boolean {
    return this.#setting<boolean>("autoPublish") ?? true;
  }

  setAutoPublish(value: boolean): void {
    this.#set("autoPublish", value);
  }

  guard(): GuardSettings {
    return { ...guardDefaults, ...this.#setting<Partial<GuardSettings>>("guard") };
  }

  setGuard(settings: GuardSettings): void {
    this.#set("guard", settings);
  }

  /** The highest sequence of which the guard held a snapshot: it is not published again by itself. */
  heldThrough(): number {
    return this.#setting<number>("heldThrough") ?? 0;
  }

  setHeldThrough(sequence: number): void {
    this.#set("heldThrough", sequence);
  }

  retention(): Retention {
    return this.#setting<Retention>("retention") ?? retentionDefaults;
  }

  setRetention(retention: Retention): void {
    this.#set("retention", retention);
  }

  /** Whether KV has yet to get its copy of the live head. */
  isCopyDue(): boolean {
    return this.#setting<boolean>("copyDue") ?? false;
  }

  setCopyDue(value: boolean): void {
    this.#set("copyDue", value);
  }

  /** Forgets what was compiled, so that all of it is made again. */
  forgetCompiled(): void {
    this.#storage.transactionSync(() => {
      this.#storage.sql.exec("DELETE FROM compiled");
      this.overlays.forget();
    });
  }

  /** The sequence that records have reached and that no job covers yet. */
  wanted(): number | undefined {
    return this.#setting<number>("wanted");
  }

  setWanted(sequence: number | undefined): void {
    this.#set("wanted", sequence);
  }

  origins(): Map<string, BucketOrigin> {
    const rows = this.#storage.sql.exec<{
      id: string;
      key: string;
      company: string;
      shared: string;
      individuals: string;
      sequence: number;
    }>("SELECT id, key, company, shared, individuals, sequence FROM compiled");
    return new Map([...rows].map(({ id, ...origin }) => [id, origin]));
  }

  /** The accounts that a compiled bucket's prices name. They are many, and seldom looked at. */
  accountsOf(bucket: string): readonly string[] {
    const [row] = this.#storage.sql
      .exec<{ accounts: string }>("SELECT accounts FROM compiled WHERE id = ?", bucket)
      .toArray();
    return row === undefined ? [] : (JSON.parse(row.accounts) as readonly string[]);
  }

  bucketNames(): Map<string, BucketNames> {
    const rows = this.#storage.sql.exec<{ id: string; names: string }>("SELECT id, names FROM compiled");
    return new Map([...rows].map(({ id, names }) => [id, JSON.parse(names) as BucketNames]));
  }

  /** Buckets that are not compiled again, since nothing of them changed up to this sequence. */
  keepBuckets(ids: readonly string[], sequence: number, company: string): void {
    this.#storage.sql.exec(
      "UPDATE compiled SET sequence = ?1, company = ?2 WHERE id IN (SELECT value FROM json_each(?3))",
      sequence,
      company,
      JSON.stringify(ids),
    );
  }

  saveBucket(
    id: string,
    origin: BucketOrigin,
    { accounts, names, fragments }: Pick<BucketResult, "accounts" | "names" | "fragments">,
  ): void {
    this.#storage.transactionSync(() => {
      this.overlays.takeFragments(id, fragments);
      this.#storage.sql.exec(
        `INSERT OR REPLACE INTO compiled (id, key, company, shared, individuals, accounts, sequence, names)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        id,
        origin.key,
        origin.company,
        origin.shared,
        origin.individuals,
        JSON.stringify(accounts),
        origin.sequence,
        JSON.stringify(names),
      );
    });
  }

  /** Notes the products that are without prices in a bucket, or among a customer's own prices. */
  saveUnpriced({ bucket, customer }: UnpricedIn, skus: readonly string[]): void {
    const place = [bucket, customer];
    if (skus.length === 0) {
      this.#storage.sql.exec("DELETE FROM unpriced WHERE bucket = ? AND customer = ?", ...place);
      return;
    }
    this.#storage.sql.exec(
      "INSERT OR REPLACE INTO unpriced (bucket, customer, skus) VALUES (?, ?, ?)",
      ...place,
      JSON.stringify(skus),
    );
  }

  /** How many products somebody has no price of since there are too many tiers, and the first of them. */
  unpriced(limit: number): { readonly count: number; readonly skus: readonly string[] } {
    // What was noted of a bucket or an overlay that is forgotten does not count.
    const rows = this.#storage.sql.exec<{ sku: string }>(
      `SELECT DISTINCT sku.value AS sku FROM unpriced, json_each(unpriced.skus) AS sku
        WHERE bucket IN (SELECT id FROM compiled) OR customer IN (SELECT customer FROM overlay) ORDER BY 1`,
    );
    const skus = [...rows].map(({ sku }) => sku);
    return { count: skus.length, skus: skus.slice(0, limit) };
  }

  /** Forgets the buckets that are in no plan any more. */
  retainBuckets(ids: ReadonlySet<string>): void {
    this.#storage.transactionSync(() => {
      const known = this.#storage.sql.exec<{ id: string }>("SELECT id FROM compiled").toArray();
      for (const { id } of known) {
        if (ids.has(id)) continue;
        this.overlays.takeFragments(id, []);
        this.#storage.sql.exec("DELETE FROM compiled WHERE id = ?", id);
      }
    });
  }

  /** Notes segments that are to be copied to KV; before they are written, so that none is forgotten. */
  addOutgoing(hashes: readonly string[]): void {
    this.#storage.sql.exec(
      "INSERT OR IGNORE INTO outgoing (hash) SELECT value FROM json_each(?)",
      JSON.stringify(hashes),
    );
  }

  outgoing(limit: number): string[] {
    const rows = this.#storage.sql.exec<{ hash: string }>("SELECT hash FROM outgoing LIMIT ?", limit);
    return [...rows].map(({ hash }) => hash);
  }

  /** Segments that were noted and are not written, to be looked for again at the next copy. */
  setAsideOutgoing(hashes: readonly string[], now: number): void {
    this.#storage.transactionSync(() => {
      this.#storage.sql.exec(
        "INSERT OR IGNORE INTO late (hash, since) SELECT value, ?1 FROM json_each(?2)",
        now,
        JSON.stringify(hashes),
      );
      this.removeOutgoing(hashes);
    });
  }

  /** Notes again what was set aside, and forgets what nobody can be writing any more. */
  recallLate(now: number): void {
    this.#storage.transactionSync(() => {
      this.#storage.sql.exec("DELETE FROM late WHERE since < ?", now - lateMilliseconds);
      this.#storage.sql.exec("INSERT OR IGNORE INTO outgoing (hash) SELECT hash FROM late");
    });
  }

  removeOutgoing(hashes: readonly string[]): void {
    this.#storage.sql.exec(
      "DELETE FROM outgoing WHERE hash IN (SELECT value FROM json_each(?))",
      JSON.stringify(hashes),
    );
  }

  /** Those of the segments that nothing here names: not what the next compile would reuse, nor what is underway. */
  notNamed(hashes: readonly string[]): string[] {
    const rows = this.#storage.sql.exec<{ hash: string }>(
      `SELECT value AS hash FROM json_each(?) WHERE value NOT IN (
         SELECT hash FROM outgoing UNION ALL SELECT hash FROM late
         UNION ALL SELECT segment.value FROM compiled, json_each(compiled.names, '$.segments') AS segment
         UNION ALL SELECT segment.value
           FROM overlay, json_each(overlay.names) AS channel, json_each(channel.value, '$[1]') AS segment)`,
      JSON.stringify(hashes),
    );
    return [...rows].map(({ hash }) => hash);
  }

  #setting<Value>(name: string): Value | undefined {
    const [row] = this.#storage.sql
      .exec<{ value: string }>("SELECT value FROM setting WHERE name = ?", name)
      .toArray();
    // Only `#set` writes here, with the type that its caller asks back.
    return row === undefined ? undefined : (JSON.parse(row.value) as Value);
  }

  #set(name: string, value: unknown): void {
    if (value === undefined) this.#storage.sql.exec("DELETE FROM setting WHERE name = ?", name);
    else {
      this.#storage.sql.exec(
        "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)",
        name,
        JSON.stringify(value),
      );
    }
  }
}
