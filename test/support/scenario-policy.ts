import {
  presetNames,
  type Exclusion,
  type Policy,
  type RoundingMode,
  type Scope,
} from "../../shared/pricing/records.ts";
import { oneOf, type Words } from "./scenario-words.ts";

const modes = ["half-up", "half-even", "down", "up"] as const satisfies readonly RoundingMode[];

/** The policy that the words after `policy` say. */
export function parsePolicy(words: Words): Policy {
  const given = words.options({
    preset: 1,
    zone: 1,
    currency: 1,
    convert: 1,
    default: 1,
    precedence: 1,
    choose: 1,
    fallback: 1,
    rules: 1,
    exclude: 1,
    places: 1,
    mode: 1,
    line: 1,
    to: 1,
  });
  const line = given.line ?? (given.to === undefined ? undefined : "half-up");
  return {
    type: "policy",
    id: "default",
    preset: optional(given.preset, presetNames),
    timeZone: given.zone,
    currency: given.currency,
    convert: optional(given.convert, ["none", "rates"]),
    defaultLists: given.default?.split(","),
    precedence: given.precedence
      ?.split(",")
      .map((scope): Scope => oneOf(scope, ["customer", "group", "list", "everyone"])),
    choose: optional(given.choose, ["first", "lowest"]),
    fallback: optional(given.fallback, ["listPrice", "none"]),
    rules: optional(given.rules, ["first", "best", "stack"]),
    exclusions: given.exclude?.split(",").map(exclusionOf),
    rounding: {
      unitPrice:
        given.places === undefined
          ? undefined
          : {
              places: given.places === "currency" ? "currency" : Number(given.places),
              mode: oneOf(given.mode ?? "half-up", modes),
            },
      line: line === undefined ? undefined : { mode: oneOf(line, modes), to: smallestOf(given.to) },
    },
  };
}

function optional<Value extends string>(
  text: string | undefined,
  values: readonly Value[],
): Value | undefined {
  return text === undefined ? undefined : oneOf(text, values);
}

/** `A:K004+K005`, or `C:K004/K007` with what it is compared with. */
function exclusionOf(text: string): Exclusion {
  const [name = "", named = ""] = text.split(":");
  const [types = [], against] = named.split("/").map((side) => side.split("+"));
  const procedure = oneOf(name, ["A", "B", "C", "D", "E", "F", "L"]);
  if (procedure === "C" || procedure === "D" || procedure === "F") {
    if (against === undefined) throw new SyntaxError(`'${text}' compares with nothing`);
    return { procedure, types, against };
  }
  return { procedure, types };
}

/** `CHF=0.05,SEK=1` */
function smallestOf(text: string | undefined): Record<string, string> | undefined {
  return text === undefined
    ? undefined
    : Object.fromEntries(
        text.split(",").map((pair) => {
          const [currency = "", amount = ""] = pair.split("=");
          return [currency, amount];
        }),
      );
}
