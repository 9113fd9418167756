import { Fault } from "../cell.ts";
import type { Condition } from "./condition.ts";
import type { SapOptions } from "./options.ts";

export type Role = "price" | "rule";

/** What a condition type becomes; undefined where the options don't say. */
export function roleOf(type: string, { prices, steps }: SapOptions): Role | undefined {
  if (Object.hasOwn(steps, type)) return "rule";
  return prices.includes(type) ? "price" : undefined;
}

/** Why no record can say what the condition says; the first reason. */
export function obstacleTo(condition: Condition, options: SapOptions): Fault | undefined {
  const { key, calculationType, limits, exclusion } = condition;
  if (key.application !== "V") {
    return new Fault(
      "application_unsupported",
      `Conditions of application ${key.application} are not of sales`,
    );
  }
  const role = roleOf(key.type, options);
  if (role === undefined) {
    return new Fault("condition_type_undeclared", `The options give ${key.type} neither as price nor a step`);
  }
  if (options.group.includes(key.type)) {
    return new Fault("group_condition", `${key.type} cumulates over the lines of a document`);
  }
  if (options.statistical.includes(key.type)) {
    return new Fault("statistical_condition", `${key.type} has no part in the price`);
  }
  const isPercentage = calculationType === "A";
  if ((!isPercentage && calculationType !== "C") || (isPercentage && options.prices.includes(key.type))) {
    return new Fault(
      "calculation_type_unsupported",
      `${key.type} can't be of calculation type ${calculationType}`,
    );
  }
  if ((condition.rateUnit === "%") !== isPercentage) {
    return new Fault("rate_unit_unsupported", `Calculation type ${calculationType} in ${condition.rateUnit}`);
  }
  const [limit] = limits;
  if (limit !== undefined) {
    return new Fault("limited_by_use", `${limit} limits how much of the condition is given`);
  }
  if (condition.hasSupplements) {
    return new Fault("condition_supplement", "The record has supplements, which apply with it only");
  }
  if (exclusion !== "" && exclusion !== "X") {
    return new Fault("exclusion_indicator_unsupported", `The exclusion indicator ${exclusion} is not X`);
  }
  if (exclusion !== "" && options.exclusionIndicator === undefined) {
    return new Fault(
      "exclusion_indicator_undeclared",
      "The options don't say whether discounts respect the exclusion indicator",
    );
  }
  return undefined;
}
