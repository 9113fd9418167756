import fc from "fast-check";
import { quoteCommands, type CommandName } from "../../shared/quoting/command.ts";
import type { ModelTier } from "./quote-model.ts";

/** No buyer may read any of these names. */
export const people = ["sly-sally", "sly-ann", "sly-bob", "sly-cat", "sly-dan", "sly-eve"] as const;
/** Somebody tries something, or time passes; who, what and with what are random. */
export interface Attempt {
  readonly command: CommandName;
  /** `next`: what brings the quote towards its order; `fitting`: the n-th that the state allows; `any`: the command. */
  readonly choice: "next" | "fitting" | "any";
  readonly nth: number;
  readonly isBuyer: boolean;
  readonly person: (typeof people)[number];
  readonly to: (typeof people)[number];
  readonly hours: number;
  readonly isLate: boolean;
  readonly lines: Lines | undefined;
  readonly tiers: readonly ModelTier[];
  readonly isInternal: boolean;
  readonly pick: string | undefined;
  readonly isPlaced: boolean;
}

export interface Lines {
  readonly quantity: number;
  readonly isOffered: boolean;
  readonly isAsked: boolean;
  readonly isUnlisted: boolean;
  readonly alternatives: number;
  readonly validHours: number | undefined;
}

const addressees = ["role/lead", "role/finance", "person/sly-ann", "person/sly-bob", "person/sly-eve"];

const tierArbitrary = fc.record({
  clauses: fc.array(
    fc
      .subarray(addressees, { minLength: 1, maxLength: 3 })
      .chain((of) => fc.record({ of: fc.constant(of), atLeast: fc.integer({ min: 1, max: of.length + 1 }) })),
    { minLength: 1, maxLength: 2 },
  ),
  isTimed: fc.boolean(),
});

const attemptArbitrary: fc.Arbitrary<Attempt> = fc.record({
  command: fc.constantFrom(...quoteCommands),
  choice: fc.oneof(
    { weight: 5, arbitrary: fc.constant("next" as const) },
    { weight: 3, arbitrary: fc.constant("fitting" as const) },
    { weight: 2, arbitrary: fc.constant("any" as const) },
  ),
  nth: fc.nat(12),
  isBuyer: fc.boolean(),
  person: fc.constantFrom(...people),
  to: fc.constantFrom(...people),
  hours: fc.oneof(
    { weight: 6, arbitrary: fc.nat(3) },
    { weight: 2, arbitrary: fc.integer({ min: 3, max: 30 }) },
    { weight: 1, arbitrary: fc.constant(31 * 24) },
  ),
  isLate: fc.boolean(),
  lines: fc.option(
    fc.record({
      quantity: fc.integer({ min: 1, max: 80 }),
      isOffered: fc.boolean(),
      isAsked: fc.boolean(),
      isUnlisted: fc.oneof(
        { weight: 5, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
      alternatives: fc.nat(2),
      validHours: fc.option(fc.integer({ min: -1, max: 40 }), { nil: undefined, freq: 2 }),
    }),
    { nil: undefined, freq: 4 },
  ),
  tiers: fc.array(tierArbitrary, { maxLength: 2 }).map((tiers) =>
    tiers.map(({ clauses, isTimed }, index) => ({
      tier: 10 * (index + 1),
      clauses,
      ...(isTimed ? { remindAfter: 2, escalateAfter: 4, escalateTo: "role/director" } : {}),
    })),
  ),
  isInternal: fc.boolean(),
  pick: fc.option(fc.constantFrom("0", "1", "2", "3"), { nil: undefined }),
  isPlaced: fc.boolean(),
});

export const plain: Lines = {
  quantity: 10,
  isOffered: true,
  isAsked: true,
  isUnlisted: false,
  alternatives: 0,
  validHours: undefined,
};

export const runArbitrary = fc.record({
  isBuyers: fc.boolean(),
  attempts: fc.array(attemptArbitrary, { minLength: 1, maxLength: 40, size: "max" }),
});
