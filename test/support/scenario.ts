import { parseInstant } from "../../shared/pricing/instant.ts";
import type { Question } from "../../shared/pricing/question.ts";
import type { PricingRecord } from "../../shared/pricing/records.ts";
import { parseRecord } from "./scenario-record.ts";
import { Words } from "./scenario-words.ts";

/**
 * Scenarios are plain text, for people who know prices: a title after `##`, records one a line, then questions with
 * their answers. `test/scenarios/README.md` has the words. A `#` begins a comment.
 */
export interface Scenario {
  readonly title: string;
  readonly line: number;
  readonly records: readonly PricingRecord[];
  /** What was there once, so that other records could refer to it. */
  readonly deleted: readonly PricingRecord[];
  readonly questions: readonly AskedQuestion[];
}

export interface AskedQuestion {
  readonly line: number;
  readonly question: Question;
  readonly expected: Expected;
}

/** What the text says of an answer; what it leaves out is not compared. */
export type Expected =
  | { readonly unavailable: string }
  | {
      readonly unitPrice: string;
      readonly per?: string;
      readonly total?: string;
      readonly because?: readonly string[];
      readonly until?: string;
    };

const defaultInstant = "2026-06-15T12:00:00Z";
const defaultCurrency = "EUR";

/** A scenario that is still being read. */
interface OpenScenario extends Scenario {
  readonly records: PricingRecord[];
  readonly deleted: PricingRecord[];
  readonly questions: AskedQuestion[];
}

export function parseScenarios(text: string): Scenario[] {
  const scenarios: OpenScenario[] = [];
  for (const [index, whole] of text.split("\n").entries()) {
    const line = index + 1;
    if (whole.startsWith("## ")) {
      scenarios.push({ title: whole.slice(3).trim(), line, records: [], deleted: [], questions: [] });
      continue;
    }
    const content = withoutComment(whole).trim();
    if (content === "") continue;
    const scenario = scenarios.at(-1);
    if (scenario === undefined)
      throw new SyntaxError(`line ${line}: a scenario begins with '## ' and its title`);
    try {
      if (content.startsWith("buy ")) scenario.questions.push({ line, ...parseQuestion(content) });
      else if (content.startsWith("deleted "))
        scenario.deleted.push(parseRecord(content.slice("deleted ".length)));
      else scenario.records.push(parseRecord(content));
    } catch (error) {
      throw new SyntaxError(`line ${line}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
  return scenarios;
}

/** A `#` within quotes is part of a formula. */
function withoutComment(line: string): string {
  return line.replace(/("[^"]*")|(?:^|\s)#.*$/g, "$1");
}

function parseQuestion(content: string): Omit<AskedQuestion, "line"> {
  const [asked = "", answer] = content.split("->").map((part) => part.trim());
  if (answer === undefined) throw new SyntaxError("a question needs '->' and its answer");
  const words = new Words(asked);
  words.next("buy");
  const [customer, sku, quantity] = [words.next(), words.next(), words.next()];
  const { unit, in: currency, at, via } = words.options({ unit: 1, in: 1, at: 1, via: 1 });
  const instant = parseInstant(at ?? defaultInstant);
  if (instant === undefined) throw new SyntaxError(`${at} is no instant`);
  return {
    question: {
      customer,
      sku,
      quantity,
      unit,
      currency: currency ?? defaultCurrency,
      at: instant,
      channel: via,
    },
    expected: parseExpected(answer),
  };
}

function parseExpected(text: string): Expected {
  const words = new Words(text);
  const first = words.next();
  if (/^[a-z_]+$/.test(first)) return { unavailable: first };
  const { per, total, because, until } = words.options({ per: 1, total: 1, because: 1, until: 1 });
  return {
    unitPrice: first,
    ...(per === undefined ? {} : { per }),
    ...(total === undefined ? {} : { total }),
    ...(because === undefined ? {} : { because: because.split(",") }),
    ...(until === undefined ? {} : { until }),
  };
}
