import type { Policy, RoundingMode, Scope } from "./records.ts";

/** A policy with nothing left out. */
export interface FullPolicy {
  readonly timeZone: string;
  readonly precedence: readonly Scope[];
  readonly choose: "first" | "lowest";
  readonly fallback: "listPrice" | "none";
  readonly rules: "first" | "best" | "stack";
  readonly unitPrice: { readonly places: number; readonly mode: RoundingMode };
  readonly line: { readonly mode: RoundingMode };
}

export function fullPolicy(policy: Policy | undefined): FullPolicy {
  return {
    timeZone: policy?.timeZone ?? "UTC",
    precedence: policy?.precedence ?? ["customer", "group", "list", "everyone"],
    choose: policy?.choose ?? "first",
    fallback: policy?.fallback ?? "listPrice",
    rules: policy?.rules ?? "first",
    unitPrice: policy?.rounding?.unitPrice ?? { places: 4, mode: "half-up" },
    line: policy?.rounding?.line ?? { mode: "half-up" },
  };
}
