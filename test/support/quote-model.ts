import type { Authority, Limit } from "../../shared/quoting/approval.ts";
import type { CommandName } from "../../shared/quoting/command.ts";
import { quoteCommands } from "../../shared/quoting/command.ts";
import { parseDecimal, compare } from "../../shared/pricing/fraction.ts";
import type { QuoteStatus } from "../../shared/quoting/quote.ts";
import { commandTable } from "./command-table.ts";

type Side = "buyer" | "seller";

/** A tier as the model has it: addressees are `role/…` and `person/…`. */
export interface ModelTier {
  readonly tier: number;
  readonly clauses: readonly { readonly atLeast: number; readonly of: readonly string[] }[];
  readonly remindAfter?: number;
  readonly escalateAfter?: number;
  readonly escalateTo?: string;
}

/** What matters of a revision's lines and terms. */
export interface ModelContent {
  readonly validUntil?: number;
  /** Some item has neither an offered nor a listed price. */
  readonly lacksPrice: boolean;
  /** How many alternatives the only line has. */
  readonly alternatives: number;
}

export interface ModelCommand {
  readonly command: CommandName;
  readonly side: Side;
  readonly person: string;
  readonly at: number;
  readonly content?: ModelContent;
  readonly tiers?: readonly ModelTier[];
  /** What limits are compared with. */
  readonly amounts?: Amounts;
  readonly authority?: Authority;
  readonly to?: string;
  readonly internal?: boolean;
  readonly pick?: string;
}

interface Amounts {
  readonly total: string | null;
  readonly discount: string | null;
}

/** Who acts for whom in the tier that is asked, kept as who holds which seats. */
interface Seat {
  readonly as: readonly string[];
  readonly from: string;
  readonly limits: readonly Limit[];
}

const hour = 3_600_000;
const month = 30 * 24 * hour;

/**
 * The rules of quotes a second time, written from their documentation and not from their code: one mutable object,
 * counting by trying everything, so that the two can be compared.
 */
export class QuoteModel {
  status: QuoteStatus = "draft";
  readonly owner: Side;
  isShown: boolean;
  content: ModelContent;
  readonly #makers = new Set<string>();
  #requesters = new Set<string>();
  #amounts: Amounts = { total: null, discount: null };
  #tiers: readonly ModelTier[] = [];
  #index = 0;
  #askedAt = 0;
  #isReminded = false;
  #isEscalated = false;
  #votes: { readonly person: string; readonly seatOf: string; readonly as: readonly string[] }[] = [];
  #seats = new Map<string, Seat[]>();
  readonly #gone = new Set<string>();

  constructor(owner: Side, person: string, content: ModelContent) {
    this.owner = owner;
    this.isShown = owner === "buyer";
    this.content = content;
    if (owner === "seller") this.#makers.add(person);
  }

  allowed(side: Side): readonly CommandName[] {
    return quoteCommands.filter((command) => this.#isAllowed(command, side));
  }

  /** Undefined: carried out. */
  run(given: ModelCommand): string | undefined {
    const refusal = this.#refusal(given);
    if (refusal === undefined) this.#carryOut(given);
    return refusal;
  }

  /** Everything that is due is done when it is due. */
  pass(until: number): void {
    for (;;) {
      const due = this.#due().toSorted((a, b) => a[0] - b[0]);
      const [first] = due;
      if (first === undefined || first[0] > until) return;
      // What comes due at once: the end of the validity ends all else.
      const kinds = due.filter(([at]) => at === first[0]).map(([, kind]) => kind);
      if (kinds.includes("expire")) this.status = "expired";
      else if (kinds.includes("remind") && kinds.includes("escalate")) {
        this.#isReminded = true;
        this.#isEscalated = true;
      } else if (kinds.includes("remind")) this.#isReminded = true;
      else this.#isEscalated = true;
    }
  }

  book(isPlaced: boolean): void {
    if (this.status === "accepted" && isPlaced) this.status = "ordered";
  }

  #due(): [number, "expire" | "remind" | "escalate"][] {
    const tier = this.status === "awaiting_approval" ? this.#tiers[this.#index] : undefined;
    const due: [number, "expire" | "remind" | "escalate"][] = [];
    const { validUntil } = this.content;
    if (validUntil !== undefined && this.#canLapse()) due.push([validUntil, "expire"]);
    if (tier?.remindAfter !== undefined && !this.#isReminded) {
      due.push([this.#askedAt + tier.remindAfter * hour, "remind"]);
    }
    if (tier?.escalateAfter !== undefined && tier.escalateTo !== undefined && !this.#isEscalated) {
      due.push([this.#askedAt + tier.escalateAfter * hour, "escalate"]);
    }
    return due;
  }

  #canLapse(): boolean {
    return ["awaiting_approval", "approved", "sent"].includes(this.status);
  }

  #isAllowed(command: CommandName, side: Side): boolean {
    if (!commandTable[command][side].has(this.status)) return false;
    if (side === "buyer" && !this.isShown) return false;
    return this.status !== "draft" || side === this.owner || command === "comment";
  }

  #refusal(given: ModelCommand): string | undefined {
    const { command, side, at } = given;
    if (commandTable[command][side].size === 0) return "not_for_party";
    if (given.internal === true && side === "buyer") return "not_for_party";
    if (!this.#isAllowed(command, side)) return "wrong_state";
    const { validUntil } = this.content;
    const isOver = this.#canLapse() && validUntil !== undefined && validUntil <= at;
    if (isOver && !commandTable[command][side].has("expired")) return "expired";
    if (command === "approve" || command === "reject" || command === "delegate") {
      return this.#approverRefusal(given);
    }
    if (command === "offer" || (command === "counter" && side === "seller")) {
      const content = given.content ?? this.content;
      const isPast = content.validUntil !== undefined && content.validUntil <= at;
      return content.lacksPrice || isPast ? "incomplete" : undefined;
    }
    if (command === "accept" && given.pick !== undefined) {
      return Number(given.pick) <= this.content.alternatives ? undefined : "unknown_pick";
    }
    return undefined;
  }

  #approverRefusal({ command, person, authority, to = "" }: ModelCommand): string | undefined {
    if (this.#requesters.has(person)) return "self_approval";
    if (command === "delegate" && this.#requesters.has(to)) return "self_approval";
    if (this.#hasDecided(person)) return "already_decided";
    const wanted = this.#wantedSeats(authority);
    const usable = wanted.filter(({ of }) => !this.#requesters.has(of));
    const [first] = usable;
    if (first === undefined) return wanted.length > 0 ? "self_approval" : "not_asked";
    if (command === "approve" && !usable.some(({ limits }) => this.#isWithin(limits)))
      return "beyond_authority";
    if (command !== "delegate") return undefined;
    const isNamed = this.#named().includes(`person/${to}`) && !this.#gone.has(to);
    const has = isNamed || (this.#seats.get(to) ?? []).length > 0 || this.#hasDecided(to);
    return to === first.of || has ? "not_a_delegate" : undefined;
  }

  /** The seats that a person may take and that the tier still has use for, in order. */
  #wantedSeats(authority: Authority | undefined) {
    if (authority === undefined) return [];
    const holders = [authority, ...authority.standsInFor.filter(({ person }) => !this.#hasDecided(person))];
    const tier = this.#tiers[this.#index];
    return holders
      .flatMap(({ person, roles, limit }) => {
        const limits = limit === undefined ? [] : [limit];
        const mine = [`person/${person}`, ...roles.map((role) => `role/${role}`)];
        const isEscalated =
          this.#isEscalated && tier?.escalateTo !== undefined && mine.includes(tier.escalateTo);
        const own = isEscalated ? this.#named() : this.#named().filter((name) => mine.includes(name));
        const handed = (this.#seats.get(person) ?? []).map((seat) => ({
          of: person,
          as: seat.as,
          limits: [...limits, ...seat.limits],
        }));
        return [...(this.#gone.has(person) ? [] : [{ of: person, as: own, limits }]), ...handed];
      })
      .filter(({ as }) => this.#brings(as));
  }

  #carryOut(given: ModelCommand): void {
    const { command, side, person, at, content } = given;
    if (side === "seller" && ["revise", "reprice", "offer", "counter"].includes(command)) {
      this.#makers.add(person);
    }
    switch (command) {
      case "submit":
        this.status = "requested";
        this.isShown = true;
        return;
      case "revise":
      case "reprice":
        this.#take(content, at);
        if (this.status !== "draft") this.status = side === "buyer" ? "requested" : "in_review";
        return;
      case "counter":
        if (side === "buyer") {
          this.#take(content, at);
          this.status = "requested";
        } else this.#offer(given);
        return;
      case "offer":
        this.#offer(given);
        return;
      case "approve":
        this.#approve(given);
        return;
      case "reject":
        this.status = "rejected";
        return;
      case "delegate":
        this.#handOn(given);
        return;
      case "send":
        this.status = "sent";
        this.isShown = true;
        return;
      case "accept":
        this.status = "accepted";
        return;
      case "decline":
        this.status = "declined";
        return;
      case "withdraw":
        this.status = "withdrawn";
        return;
      case "comment":
        return;
    }
  }

  #take(content: ModelContent | undefined, at: number): void {
    const { validUntil, ...rest } = content ?? this.content;
    this.content = validUntil !== undefined && validUntil > at ? { ...rest, validUntil } : rest;
  }

  #offer({ content = this.content, tiers = [], amounts, at }: ModelCommand): void {
    this.content = { ...content, validUntil: content.validUntil ?? at + month };
    this.#requesters = new Set(this.#makers);
    this.#tiers = tiers;
    this.#amounts = amounts ?? this.#amounts;
    this.#index = -1;
    this.status = "awaiting_approval";
    this.#nextTier(at);
  }

  #nextTier(at: number): void {
    this.#index++;
    this.#askedAt = at;
    this.#isReminded = false;
    this.#isEscalated = false;
    this.#votes = [];
    this.#seats.clear();
    this.#gone.clear();
    if (this.#index === this.#tiers.length) this.status = "approved";
  }

  #approve({ person, authority, at }: ModelCommand): void {
    const seat = this.#wantedSeats(authority).find(
      ({ of, limits }) => !this.#requesters.has(of) && this.#isWithin(limits),
    );
    if (seat === undefined) throw new Error("The model approves without a seat");
    this.#votes.push({ person, seatOf: seat.of, as: seat.as });
    const all = this.#votes.map(({ as }) => as);
    const clauses = this.#tiers[this.#index]?.clauses ?? [];
    if (clauses.every((clause) => filled(clause, all) >= clause.atLeast)) this.#nextTier(at);
  }

  #handOn({ authority, to = "" }: ModelCommand): void {
    const seat = this.#wantedSeats(authority).find(({ of }) => !this.#requesters.has(of));
    if (seat === undefined) throw new Error("The model hands on without a seat");
    this.#gone.add(seat.of);
    this.#seats.delete(seat.of);
    this.#seats.set(to, [
      ...(this.#seats.get(to) ?? []),
      { as: seat.as, from: seat.of, limits: seat.limits },
    ]);
  }

  #hasDecided(person: string): boolean {
    return this.#votes.some((vote) => vote.person === person || vote.seatOf === person);
  }

  #named(): readonly string[] {
    return [...new Set((this.#tiers[this.#index]?.clauses ?? []).flatMap(({ of }) => of))];
  }

  #brings(as: readonly string[]): boolean {
    const all = this.#votes.map((vote) => vote.as);
    const clauses = this.#tiers[this.#index]?.clauses ?? [];
    return clauses.some((clause) => filled(clause, [...all, as]) > filled(clause, all));
  }

  #isWithin(limits: readonly Limit[]): boolean {
    const { total, discount } = this.#amounts;
    return limits.every((limit) => {
      const fitsTotal = limit.total === undefined || (total !== null && !isMore(total, limit.total.amount));
      const fitsDiscount =
        limit.discountPercent === undefined ||
        (discount !== null && !isMore(discount, limit.discountPercent));
      return fitsTotal && fitsDiscount;
    });
  }
}

/** How many votes count for a clause: the best of all ways to seat them, one a place, and further ones beyond those. */
function filled(
  { atLeast, of }: { readonly atLeast: number; readonly of: readonly string[] },
  votes: readonly (readonly string[])[],
): number {
  const fitting = votes.filter((as) => of.some((name) => as.includes(name)));
  const seat = (vote: number, free: readonly string[]): number => {
    const as = fitting[vote];
    if (as === undefined) return 0;
    const seated = free
      .filter((name) => as.includes(name))
      .map(
        (name) =>
          1 +
          seat(
            vote + 1,
            free.filter((each) => each !== name),
          ),
      );
    return Math.max(seat(vote + 1, free), ...seated);
  };
  const places = Math.min(seat(0, of), atLeast);
  return atLeast <= of.length
    ? places
    : Math.min(places + Math.min(fitting.length - places, atLeast - of.length), atLeast);
}

function isMore(a: string, b: string): boolean {
  return compare(parseDecimal(a), parseDecimal(b)) > 0;
}
