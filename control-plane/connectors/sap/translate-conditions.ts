import { Fault } from "../cell.ts";
import { translationOf, type Made } from "../made.ts";
import type { ConnectorProblem, Translation } from "../translation.ts";
import { unorderedAccesses } from "./access-order.ts";
import { bandsOf } from "./bands.ts";
import type { Condition, ConditionKey } from "./condition.ts";
import { keyPrefix, periodPrefix } from "./ids.ts";
import { obstacleTo, roleOf, type Role } from "./obstacle.ts";
import type { SapOptions } from "./options.ts";
import { priceRecords } from "./price-records.ts";
import { ruleRecords } from "./rule-records.ts";
import { scopeOf, type KeyScope } from "./scope.ts";

/** What was read of a payload. */
export interface ReadConditions {
  readonly conditions: readonly Condition[];
  readonly problems: readonly ConnectorProblem[];
  readonly complete: readonly CompleteSet[];
}

/** The payload has all there is of the key, or, with `period`, of the key's period that begins then. */
export interface CompleteSet {
  readonly key: ConditionKey;
  readonly period: Pick<Condition, "from"> | undefined;
  /** Where it comes from: if there is a problem with one of them it is not complete. */
  readonly sources: readonly string[];
}

export interface SapTranslation extends Translation {
  readonly replaces: readonly Replaced[];
}

/** The records of this type with ids that begin so are replaced: what the translation lacks of them is gone. */
export interface Replaced {
  readonly type: Role;
  readonly idPrefix: string;
  readonly customer: string | undefined;
  readonly list: string | undefined;
  readonly group: string | undefined;
  readonly sku: string | undefined;
}

export function translateConditions(read: ReadConditions, options: SapOptions): SapTranslation {
  const unordered = unorderedAccesses(read.conditions, options);
  const unorderedSources = new Set(unordered.map(({ source }) => source));
  const made = read.conditions
    .filter(({ source }) => !unorderedSources.has(source))
    .flatMap((condition) => madeOf(condition, options));
  const { records, problems } = translationOf([...read.problems, ...unordered, ...made]);
  const troubled = new Set(problems.map(({ source }) => source));
  // Of a key with a problem we don't know what there is, so that what is known of it stays.
  const replaces = read.complete
    .filter(({ sources }) => !sources.some((source) => troubled.has(source)))
    .flatMap((set) => replacedBy(set, options));
  return { records, problems, replaces };
}

function madeOf(condition: Condition, options: SapOptions): readonly Made[] {
  if (condition.isPassedOver) return [];
  const { source } = condition;
  const records = recordsOf(condition, options);
  if (records instanceof Fault) return [{ source, code: records.code, message: records.message }];
  return records.map((record) => ({ source, record }));
}

function recordsOf(condition: Condition, options: SapOptions) {
  const obstacle = obstacleTo(condition, options);
  if (obstacle !== undefined) return obstacle;
  const scope = scopeOf(condition.key, options);
  if (scope instanceof Fault) return scope;
  const bands = bandsOf(condition);
  if (bands instanceof Fault) return bands;
  return roleOf(condition.key.type, options) === "price"
    ? priceRecords(condition, scope, bands, options)
    : ruleRecords(condition, scope, bands, options);
}

function replacedBy({ key, period }: CompleteSet, options: SapOptions): readonly Replaced[] {
  const type = roleOf(key.type, options);
  const scope = scopeOf(key, options);
  if (type === undefined || scope instanceof Fault) return [];
  const idPrefix = period === undefined ? keyPrefix(key) : periodPrefix({ key, from: period.from });
  return [{ type, idPrefix, ...ownersOf(scope) }];
}

function ownersOf({ customer, list, group, sku }: KeyScope) {
  return { customer, list, group, sku };
}
