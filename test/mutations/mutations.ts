/** A small breakage of the source, and the test that must not pass with it. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  readonly killedBy: string;
}

const simulation = "test/simulation/simulation.test.ts";

export const mutations: readonly Mutation[] = [
  {
    name: "tokens are not looked at",
    file: "shared/snapshot/token.ts",
    find: "return head.number >= wanted.number && head.through >= wanted.through;",
    replace: "return head.number <= wanted.number || head.through <= wanted.through;",
    killedBy: simulation,
  },
];
