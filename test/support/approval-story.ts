import { Rates } from "../../shared/pricing/rates.ts";
import type { Category, Product } from "../../shared/pricing/records.ts";
import { addresseeKey } from "../../shared/quoting/addressee.ts";
import type { AssessedItem, AssessQuestion } from "../../shared/quoting/desk.ts";
import type {
  ApprovalConditions,
  ApprovalNeed,
  ApprovalPolicy,
  Asked,
  Person,
  TeamMember,
} from "../../shared/quoting/records.ts";
import { assessed } from "../../control-plane/quoting/assess.ts";
import type { Desk } from "../../control-plane/quoting/load-desk.ts";

/** Stories of approvals in plain text; see `test/quoting/approvals.txt`. */
export interface ApprovalStory {
  readonly title: string;
  readonly asked: string;
  readonly expected: string;
}

const at = Date.parse("2026-06-01T10:00:00Z");

export function parseApprovalStories(text: string): ApprovalStory[] {
  return text.split(/\n\n+/).flatMap((paragraph) => {
    const lines = paragraph.trim().split("\n");
    const told = lines.findIndex((line) => line.startsWith("->"));
    if (told === -1) return [];
    const [title = ""] = lines;
    return [
      {
        title: title.replace(/^# /, ""),
        asked: lines.slice(1, told).join("\n"),
        expected: lines.slice(told).join("\n"),
      },
    ];
  });
}

/** What is asked, as a story tells it. */
export function playApprovalStory({ asked }: Pick<ApprovalStory, "asked">): string {
  const story = new Company();
  for (const line of asked.split("\n")) story.take(line);
  const { tiers } = assessed(story.question(), { at, desk: story.desk(), ages: [] });
  if (tiers.length === 0) return "-> nobody";
  return tiers
    .map(({ tier, clauses, causes }) => {
      const told = clauses.map(({ atLeast, of }) => `${atLeast} of ${of.map(addresseeKey).join(", ")}`);
      const why = causes.map(({ policy, line, because }) =>
        line === undefined ? `   ${policy}: ${because}` : `   ${policy} ${line}: ${because}`,
      );
      return [`-> tier ${tier}  asks ${told.join(" and ")}`, ...why].join("\n");
    })
    .join("\n");
}

class Company {
  readonly #people: Person[] = [];
  readonly #policies: ApprovalPolicy[] = [];
  readonly #items: AssessedItem[] = [];
  readonly #products = new Map<string, Product>();
  #team: TeamMember[] = [];

  take(line: string): void {
    const [word = "", ...rest] = line.split(/\s+/);
    const text = rest.join(" ");
    switch (word) {
      case "person":
        this.#people.push(personOf(text));
        break;
      case "team":
        this.#team = text.split(", ").map((member) => {
          const [person, role] = parts(member, /^(\S+) (\S+)$/);
          return { person, role };
        });
        break;
      case "policy":
        this.#policies.push(policyOf(text));
        break;
      case "line":
        this.#takeLine(text);
        break;
      default:
        throw new Error(`A story has no line like: ${line}`);
    }
  }

  #takeLine(text: string): void {
    const [name, quantity, sku, price, listed, cost, category] = parts(
      text,
      /^(\S+) (\S+) (\S+) at (\S+) listed (\S+) cost (\S+)(?: in (\S+))?$/,
    );
    const [line = "", item = "0"] = name.split("/");
    this.#products.set(sku, {
      type: "product",
      id: sku,
      name: sku,
      unit: "EA",
      ...(category === "" ? {} : { category }),
      ...(cost === "?" ? {} : { cost: { amount: cost, currency: "EUR" } }),
    });
    this.#items.push({
      line,
      item,
      sku,
      quantity,
      unit: "EA",
      per: "1",
      offeredPrice: price,
      lineTotal: times(price, quantity),
      ...(listed === "?" ? {} : { listedPrice: listed, listedTotal: times(listed, quantity) }),
    });
  }

  question(): AssessQuestion {
    const instant = new Date(at).toISOString();
    return { sequence: 1, customer: "C", currency: "EUR", at: instant, lines: this.#items };
  }

  desk(): Desk {
    return {
      policies: this.#policies,
      people: this.#people,
      products: this.#products,
      categories: new Map(categories.map((category) => [category.id, category] as const)),
      rates: new Rates([], "UTC"),
      timeZone: "UTC",
      profile: undefined,
      paymentTerms: undefined,
      groups: new Set(),
      team: this.#team,
    };
  }
}

const categories: readonly Category[] = [
  { type: "category", id: "goods" },
  { type: "category", id: "bikes", parent: "goods" },
];

function personOf(text: string): Person {
  const [id, roles] = parts(text, /^(\S+)(?: roles (.+))?$/);
  return { type: "person", id, name: id, roles: roles === "" ? [] : roles.split(", ") };
}

function policyOf(text: string): ApprovalPolicy {
  const [id, tier, when, needs] = parts(text, /^(\S+) tier (\d+) when (.+) needs (.+)$/);
  return {
    type: "approvalPolicy",
    id,
    tier: Number(tier),
    when: Object.assign({}, ...(when === "always" ? [] : when.split(" and ").map(conditionOf))),
    needs: needs.split("; ").map(needOf),
  };
}

function conditionOf(text: string): ApprovalConditions {
  const [name = "", value = "", currency] = text.split(" ");
  switch (name) {
    case "totalAbove":
      return { totalAbove: { amount: value, currency: currency ?? "EUR" } };
    case "categories":
      return { categories: [value] };
    case "discountAbove":
    case "marginBelow":
    case "lineDiscountAbove":
    case "lineMarginBelow":
      return { [name]: value };
    default:
      throw new Error(`A story has no condition like: ${text}`);
  }
}

function needOf(text: string): ApprovalNeed {
  const [count, of] = parts(text, /^(?:(\d+|all) of )?(.+)$/);
  return {
    ...(count === "" ? {} : { atLeast: count === "all" ? count : Number(count) }),
    of: of.split(", ").map((one): Asked => {
      const [kind, name] = parts(one, /^(role|person|team) (\S+)$/);
      return { [kind]: name } as Asked; // Of one of these three kinds.
    }),
  };
}

/** What a pattern finds; nothing is an empty text. */
function parts(text: string, pattern: RegExp): string[] & Record<0 | 1 | 2 | 3 | 4 | 5 | 6, string> {
  const found = pattern.exec(text);
  if (found === null) throw new Error(`A story can't be read here: ${text}`);
  return [...found].slice(1).map((part) => part ?? "") as ReturnType<typeof parts>;
}

/** Of an amount with two places and a whole number. */
function times(amount: string, quantity: string): string {
  const cents = BigInt(amount.replace(".", "")) * BigInt(quantity);
  const digits = cents.toString().padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
