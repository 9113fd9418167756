import type { ApplicableRule } from "./applicable-rule.ts";
import type { BasePrice, Point } from "./base-price.ts";
import { applyEffect } from "./effect.ts";
import { add, compare, subtract, zero, type Fraction } from "./fraction.ts";
import type { Unavailable } from "./question.ts";
import type { Exclusion } from "./records.ts";

/** A matching rule with what it alone makes of the base price. */
interface Valued {
  readonly applicable: ApplicableRule;
  readonly result: Fraction;
}

/** The matching rules that are left after the policy's exclusions, in their order. */
export function withoutExcluded(
  matching: readonly ApplicableRule[],
  base: BasePrice | undefined,
  point: Point,
): readonly ApplicableRule[] | Unavailable {
  const { exclusions, onePerConditionType } = point.contenders.company.policy;
  const left = onePerConditionType ? firstOfEachType(matching, exclusions) : matching;
  if (exclusions.length === 0 || base === undefined) return left;
  let valued: Valued[] = [];
  for (const applicable of left) {
    const price = applyEffect(applicable, { running: base.price, base }, point);
    if ("unavailable" in price) return price;
    valued.push({ applicable, result: price.perBaseUnit });
  }
  for (const exclusion of exclusions) {
    const out = excludedBy(exclusion, valued, base.price.perBaseUnit);
    valued = valued.filter((rule) => !out.has(rule));
  }
  return valued.map(({ applicable }) => applicable);
}

/** An access sequence ends with its first hit; exclusion within a type needs them all. */
function firstOfEachType(
  matching: readonly ApplicableRule[],
  exclusions: readonly Exclusion[],
): readonly ApplicableRule[] {
  const compared = new Set(
    exclusions.flatMap(({ procedure, types }) => (procedure === "B" || procedure === "E" ? types : [])),
  );
  const seen = new Set<string>();
  return matching.filter(({ rule: { conditionType } }) => {
    if (conditionType === undefined || compared.has(conditionType)) return true;
    if (seen.has(conditionType)) return false;
    seen.add(conditionType);
    return true;
  });
}

function excludedBy(exclusion: Exclusion, valued: readonly Valued[], base: Fraction): ReadonlySet<Valued> {
  const ofTypes = (types: readonly string[]) =>
    valued.filter(
      ({ applicable: { rule } }) => rule.conditionType !== undefined && types.includes(rule.conditionType),
    );
  switch (exclusion.procedure) {
    case "A":
      return allBut(best(ofTypes(exclusion.types), -1), ofTypes(exclusion.types));
    case "L":
      return allBut(best(ofTypes(exclusion.types), 1), ofTypes(exclusion.types));
    case "B":
      return new Set(
        exclusion.types.flatMap((type) => [...allBut(best(ofTypes([type]), -1), ofTypes([type]))]),
      );
    case "E":
      return new Set(
        exclusion.types.flatMap((type) => [...allBut(best(ofTypes([type]), 1), ofTypes([type]))]),
      );
    case "C":
    case "F": {
      const [first, second] = [ofTypes(exclusion.types), ofTypes(exclusion.against)];
      if (first.length === 0 || second.length === 0) return new Set();
      const order = compare(takenOff(second, base), takenOff(first, base));
      const secondWins = exclusion.procedure === "C" ? order > 0 : order < 0;
      return new Set(secondWins ? first : second);
    }
    case "D":
      return new Set(ofTypes(exclusion.types).length > 0 ? ofTypes(exclusion.against) : []);
  }
}

/** The first with the lowest result (`sign` -1) or the highest (1). */
function best(valued: readonly Valued[], sign: 1 | -1): Valued | undefined {
  return valued.reduce<Valued | undefined>(
    (found, rule) => (found === undefined || compare(rule.result, found.result) * sign > 0 ? rule : found),
    undefined,
  );
}

function allBut(kept: Valued | undefined, valued: readonly Valued[]): ReadonlySet<Valued> {
  return new Set(valued.filter((rule) => rule !== kept));
}

function takenOff(valued: readonly Valued[], base: Fraction): Fraction {
  return valued.reduce((sum, { result }) => add(sum, subtract(base, result)), zero);
}
