import { parseInstant, type Instant } from "../../shared/pricing/instant.ts";
import type { Actor } from "../../shared/quoting/actor.ts";
import { addresseeKey } from "../../shared/quoting/addressee.ts";
import { addresseesOf } from "../../shared/quoting/addressees-of.ts";
import type { Addressee, Tier } from "../../shared/quoting/approval.ts";
import type { Decision, QuoteCommand } from "../../shared/quoting/command.ts";
import { orderOf } from "../../shared/quoting/order-of.ts";
import { currentRevision, type Quote } from "../../shared/quoting/quote.ts";
import { timersOf } from "../../shared/quoting/timers.ts";
import { viewFor } from "../../shared/quoting/view.ts";
import { formatInstant } from "./format-instant.ts";
import { StorySet } from "./quote-story-set.ts";
import { buyer, QuoteWorld, seller } from "./quote-world.ts";
import { Words } from "./scenario-words.ts";

/** A story of one quote, in plain text: `test/quoting/stories/README.md` has the words. */
export interface Story {
  readonly title: string;
  readonly line: number;
  readonly steps: readonly { readonly line: number; readonly text: string }[];
}

export function parseStories(text: string): readonly Story[] {
  const stories: (Story & { steps: { line: number; text: string }[] })[] = [];
  for (const [index, whole] of text.split("\n").entries()) {
    if (whole.startsWith("## ")) {
      stories.push({ title: whole.slice(3).trim(), line: index + 1, steps: [] });
      continue;
    }
    const step = whole.replace(/("[^"]*")|(?:^|\s)#.*$/g, "$1").trim();
    if (step === "") continue;
    const story = stories.at(-1);
    if (story === undefined)
      throw new SyntaxError(`line ${index + 1}: a story begins with '## ' and its title`);
    story.steps.push({ line: index + 1, text: step });
  }
  return stories;
}

/** What somebody tried to do, and what came of it. */
export interface Attempt {
  readonly actor: Actor;
  readonly before: Quote;
  readonly command: QuoteCommand;
  readonly decision: Decision;
}

/** A step's outcome in the words of the stories, and what it should be. */
export interface Told {
  readonly line: number;
  readonly step: string;
  readonly expected: Readonly<Record<string, string>>;
  readonly told: Readonly<Record<string, string>>;
}

export interface PlayedStory {
  readonly world: QuoteWorld;
  readonly attempts: readonly Attempt[];
  readonly told: readonly Told[];
}

export function playStory(story: Story): PlayedStory {
  const world = new QuoteWorld(instantOf("2026-06-15T12:00:00Z"));
  const player = new Player(world);
  for (const { line, text } of story.steps) {
    try {
      player.play(line, text);
    } catch (error) {
      throw new Error(`line ${line}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
  return { world, attempts: player.attempts, told: player.told };
}

class Player {
  readonly attempts: Attempt[] = [];
  readonly told: Told[] = [];
  readonly #world: QuoteWorld;
  readonly #sets: StorySet;

  constructor(world: QuoteWorld) {
    this.#world = world;
    this.#sets = new StorySet(world);
  }

  play(line: number, text: string): void {
    const [does = "", expects] = text.split("->").map((part) => part.trim());
    const words = new Words(does);
    const first = words.next();
    const outcome = this.#tell(first, words);
    if (expects === undefined) {
      if (outcome !== undefined) throw new SyntaxError("what comes of it has to be said after '->'");
      return;
    }
    if (outcome === undefined) throw new SyntaxError("nothing can come of this");
    const expected = expectationOf(expects);
    const all: Readonly<Record<string, string>> = { ...this.#state(), ...outcome };
    const told = Object.fromEntries(Object.keys(expected).map((key) => [key, all[key] ?? "nothing"]));
    this.told.push({ line, step: does, expected, told });
  }

  /** Undefined: it only sets the stage. */
  #tell(first: string, words: Words): Readonly<Record<string, string>> | undefined {
    switch (first) {
      case "person":
        return this.#person(words);
      case "away":
        return this.#away(words);
      case "policy":
        return this.#policy(words);
      case "price":
        return this.#sets.price(words);
      case "rate":
        words.next("unknown");
        this.#world.isTotalUnknown = true;
        return undefined;
      case "after":
        return this.#after(words);
      case "erp":
        return this.#erp(words);
      case "order":
        return this.#order();
      case "buyer":
        return this.#act(buyer, words);
      default:
        return this.#act(seller(first), words);
    }
  }

  #person(words: Words): undefined {
    const person = words.next();
    const { roles, limit, discount } = words.options({ roles: 1, limit: 1, discount: 1 });
    const total = limit === undefined ? {} : { total: { amount: limit, currency: "EUR" } };
    const percent = discount === undefined ? {} : { discountPercent: discount };
    const isLimited = limit !== undefined || discount !== undefined;
    this.#world.people.set(person, {
      person,
      roles: roles?.split(",") ?? [],
      ...(isLimited ? { limit: { ...total, ...percent } } : {}),
    });
  }

  #away(words: Words): undefined {
    const person = words.next();
    const { from, until, standin } = words.options({ from: 1, until: 1, standin: 1 });
    if (from === undefined || until === undefined || standin === undefined) {
      throw new SyntaxError("'away' needs from, until and standin");
    }
    this.#world.absences.push({ person, from: instantOf(from), until: instantOf(until), standIn: standin });
  }

  #policy(words: Words): undefined {
    if (words.option("none")) {
      this.#world.tiers = [];
      return;
    }
    words.next("tier");
    const tier = Number(words.next());
    words.next("needs");
    const count = words.next();
    words.next("of");
    const of = words.next().split(",").map(addresseeOf);
    const { remind, escalate, to, because } = words.options({ remind: 1, escalate: 1, to: 1, because: 1 });
    const clause = { atLeast: count === "all" ? of.length : Number(count), of };
    const known = this.#world.tiers.find((each) => each.tier === tier) ?? { tier, clauses: [], causes: [] };
    const changed: Tier = {
      ...known,
      clauses: [...known.clauses, clause],
      causes: [...known.causes, ...(because === undefined ? [] : [{ policy: "POLICY", because }])],
      ...(remind === undefined ? {} : { remindAfterHours: Number(remind) }),
      ...(escalate === undefined ? {} : { escalateAfterHours: Number(escalate) }),
      ...(to === undefined ? {} : { escalateTo: addresseeOf(to) }),
    };
    this.#world.tiers = [...this.#world.tiers.filter((each) => each !== known), changed].toSorted(
      (a, b) => a.tier - b.tier,
    );
  }

  /** `unnoticed`: what is due is not done. */
  #after(words: Words): Readonly<Record<string, string>> {
    const amount = Number(words.next());
    const hours = words.next().startsWith("day") ? 24 * amount : amount;
    const until = this.#world.now + hours * 3_600_000;
    if (words.option("unnoticed")) this.#world.now = until;
    else this.#world.advanceTo(until);
    return { outcome: this.#world.quote.status };
  }

  #erp(words: Words): Readonly<Record<string, string>> {
    const verb = words.next();
    const text = words.next();
    this.#world.handOver(
      verb === "books" ? { kind: "placed", erpOrder: text } : { kind: "refused", problem: text },
    );
    return { outcome: this.#world.quote.status };
  }

  #order(): Readonly<Record<string, string>> {
    const order = orderOf(this.#world.quote);
    if (order === undefined) return { outcome: "none" };
    const lines = order.lines.map(({ quantity, sku, lineTotal }) => `${quantity} ${sku} ${lineTotal}`);
    return {
      outcome: order.id,
      total: order.total,
      lines: lines.join(", "),
      po: order.purchaseOrder ?? "nothing",
    };
  }

  #act(actor: Actor, words: Words): Readonly<Record<string, string>> {
    const verb = words.next();
    if (verb === "sees") return this.#seen(actor);
    if (verb === "opens") {
      this.#world.open(actor, this.#sets.parse(words, actor));
      return { outcome: this.#world.quote.status };
    }
    const before = this.#world.quote;
    const command = this.#command(actor, verb, words);
    const decision = this.#world.execute(actor, command);
    this.attempts.push({ actor, before, command, decision });
    if (decision.kind === "accepted") return { outcome: this.#world.quote.status };
    const { reason } = decision;
    return {
      outcome: reason,
      ...(reason === "wrong_state" ? { allowed: decision.allowed.join(",") || "nothing" } : {}),
    };
  }

  #command(actor: Actor, verb: string, words: Words): QuoteCommand {
    const authority = this.#world.authorityOf(actor.person);
    switch (verb) {
      case "submits":
        return { command: "submit" };
      case "revises":
        return { command: "revise", set: this.#sets.parse(words, actor) };
      case "reprices":
        return { command: "reprice", set: this.#sets.repriced(actor) };
      case "counters": {
        const set = this.#sets.parse(words, actor);
        const assessment = actor.party === "seller" ? { assessment: this.#world.assess(set) } : {};
        return { command: "counter", set, ...assessment };
      }
      case "offers": {
        const set = words.isAtEnd ? undefined : this.#sets.parse(words, actor);
        return {
          command: "offer",
          ...(set === undefined ? {} : { set }),
          assessment: this.#world.assess(set),
        };
      }
      case "says":
        return { command: "comment", text: words.next(), internal: words.option("internally") };
      case "approves":
        return {
          command: "approve",
          authority,
          ...(words.option("saying") ? { comment: words.next() } : {}),
        };
      case "rejects":
        return { command: "reject", authority, reason: words.isAtEnd ? "no" : words.next() };
      case "delegates":
        words.next("to");
        return { command: "delegate", authority, to: words.next() };
      case "sends":
        return { command: "send" };
      case "accepts": {
        const { pick, po } = words.options({ pick: 1, po: 1 });
        const picks = Object.fromEntries((pick?.split(",") ?? []).map((each) => each.split("=")));
        return { command: "accept", picks, ...(po === undefined ? {} : { purchaseOrder: po }) };
      }
      case "declines":
      case "withdraws": {
        const reason = words.isAtEnd ? {} : { reason: words.next() };
        return { command: verb === "declines" ? "decline" : "withdraw", ...reason };
      }
      default:
        throw new SyntaxError(`nobody ${verb}`);
    }
  }

  #seen(actor: Actor): Readonly<Record<string, string>> {
    const view = viewFor(actor.party === "buyer" ? "buyer" : "internal", this.#world.quote);
    if (view === undefined) return { outcome: "nothing" };
    return {
      outcome: view.status,
      total: view.revision.total,
      revision: String(view.revision.number),
      revisions: String(view.revisions),
      comments: view.comments.map(({ text }) => text).join(",") || "nothing",
      reason: view.reason ?? "nothing",
      allowed: view.allowed.join(","),
    };
  }

  #state(): Readonly<Record<string, string>> {
    const { quote } = this.#world;
    const { total, discountPercent, terms, number } = currentRevision(quote);
    const asked = addresseesOf(quote).map(addresseeKey);
    return {
      total,
      discount: discountPercent ?? "nothing",
      until: terms.validUntil ?? "nothing",
      revision: String(number),
      asked:
        asked
          .map((key) => key.replace("/", ":"))
          .toSorted()
          .join(",") || "nobody",
      next:
        timersOf(quote)
          .map(({ kind, at }) => `${kind}@${formatInstant(at)}`)
          .join(",") || "nothing",
    };
  }
}

function expectationOf(text: string): Readonly<Record<string, string>> {
  const words = new Words(text);
  const expected: Record<string, string> = { outcome: words.next() };
  while (!words.isAtEnd) expected[words.next()] = words.next();
  return expected;
}

function addresseeOf(text: string): Addressee {
  const [kind, name = ""] = text.split(":");
  if (kind === "role") return { role: name };
  if (kind === "person") return { person: name };
  throw new SyntaxError(`'${text}' is neither role:… nor person:…`);
}

function instantOf(text: string): Instant {
  const instant = parseInstant(text.length === 10 ? `${text}T00:00:00Z` : text);
  if (instant === undefined) throw new SyntaxError(`${text} is no instant`);
  return instant;
}
