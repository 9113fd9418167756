import { withAncestors } from "../../shared/pricing/ancestors.ts";
import type { Company } from "../../shared/pricing/company.ts";
import type { CompileContext } from "./bucket.ts";
import type { Bucket } from "./plan.ts";
import { ruleFacts } from "./rule-facts.ts";
import { Standings } from "./standings.ts";
import type { Variant } from "./variant.ts";

/** A bucket as it is told to another isolate, which has the company but no plan: records are named by their ids. */
export interface BucketTask {
  readonly id: string;
  readonly skus: readonly string[];
  readonly scopes: readonly string[];
  readonly bases: readonly VariantTask[];
  readonly layers: readonly VariantTask[];
  /** All that the plan's customers stand in, without "". */
  readonly channels: readonly string[];
}

interface VariantTask {
  readonly id: string;
  readonly rules: readonly string[];
  readonly groups: readonly string[];
  readonly lists: readonly string[];
  readonly whos: readonly string[];
  readonly taxRule: string | undefined;
  readonly list: string | undefined;
}

export function taskOf(bucket: Bucket, channels: readonly string[]): BucketTask {
  const { id, skus, scopes, bases, layers } = bucket;
  return {
    id,
    skus,
    scopes: [...scopes],
    bases: bases.map(variantTaskOf),
    layers: layers.map(variantTaskOf),
    channels,
  };
}

function variantTaskOf({ id, rules, groups, lists, whos, taxRule, list }: Variant): VariantTask {
  return {
    id,
    rules: rules.map((rule) => rule.id),
    groups,
    lists,
    whos: [...whos],
    taxRule: taxRule?.id,
    list: list?.id,
  };
}

/** What compiling needs of a company, worked out as far as it is asked for. */
export class TaskContext {
  readonly #company: Company;
  readonly #facts: CompileContext["facts"];
  readonly #heirs: CompileContext["heirs"];
  readonly #rules: ReadonlyMap<string, Company["rules"][number]>;
  #standings: { readonly channels: string; readonly at: Standings } | undefined;

  constructor(company: Company) {
    this.#company = company;
    this.#facts = ruleFacts(company);
    this.#heirs = heirsIn(company);
    this.#rules = new Map(company.rules.map((rule) => [rule.id, rule]));
  }

  bucketOf({ id, skus, scopes, bases, layers }: BucketTask): Bucket {
    const variantOf = (task: VariantTask): Variant => ({
      ...task,
      rules: task.rules.map((rule) => this.#ruleOf(rule)),
      whos: new Set(task.whos),
      taxRule: this.#company.taxRules.get(task.taxRule ?? ""),
      list: this.#company.lists.get(task.list ?? ""),
    });
    return {
      id,
      skus,
      scopes: new Set(scopes),
      bases: bases.map(variantOf),
      layers: layers.map(variantOf),
    };
  }

  contextFor({ channels }: BucketTask): CompileContext {
    return {
      company: this.#company,
      facts: this.#facts,
      heirs: this.#heirs,
      standings: this.#standingsIn(channels),
    };
  }

  #ruleOf(id: string): Company["rules"][number] {
    const rule = this.#rules.get(id);
    if (rule === undefined) throw new Error(`The company has no rule ${id}, which a plan of it names`);
    return rule;
  }

  /** Tasks of one plan have the same channels. */
  #standingsIn(channels: readonly string[]): Standings {
    const key = JSON.stringify(channels);
    if (this.#standings?.channels !== key) {
      this.#standings = { channels: key, at: new Standings(this.#company, channels) };
    }
    return this.#standings.at;
  }
}

function heirsIn({ customers }: Company): CompileContext["heirs"] {
  const heirs = new Map<string, string[]>();
  for (const { id, status } of customers.values()) {
    if (status === "blocked") continue;
    for (const account of withAncestors(id, customers)) {
      const known = heirs.get(account) ?? [];
      heirs.set(account, known);
      known.push(id);
    }
  }
  return heirs;
}
