import { isPersonRole } from "../../shared/api/callers.ts";
import { isSameAddressee } from "../../shared/quoting/addressee.ts";
import type { Addressee, Clause } from "../../shared/quoting/approval.ts";
import { clauseProgress, isMet, type Vote } from "../../shared/quoting/clause-progress.ts";
import type { ApprovalNeed, Asked, Person, TeamMember } from "../../shared/quoting/records.ts";

/** Who there is to be asked. */
export interface Staff {
  readonly people: readonly Person[];
  /** The customer's account team. */
  readonly team: readonly TeamMember[];
}

/** Who is asked where nobody else could be. */
export const lastResort: Addressee = { role: "admin" };

/**
 * What a policy needs as a clause, with the members of a team by name. Whom nobody can stand for, since there is no such
 * person, nobody with the role or in the team, is left out if the others suffice; else an admin is asked in their place.
 */
export function clauseOf(
  { atLeast = 1, of }: ApprovalNeed,
  staff: Staff,
): { readonly clause: Clause; readonly isEscalated: boolean } {
  const asked = of.map((one) => addresseesOf(one, staff));
  const distinct = withoutRepeats(asked.flat());
  const vacant = asked.filter((addressees) => addressees.length === 0).length;
  const needed = atLeast === "all" ? distinct.length + vacant : atLeast;
  const able = distinct.filter((addressee) => canAnswer(addressee, staff));
  const votes = votesOfAll(able, staff, needed);
  const clause = { atLeast: needed, of: able };
  if (isMet(clause, votes)) return { clause, isEscalated: false };
  const { reached } = clauseProgress(clause, votes);
  return {
    clause: { atLeast: reached + 1, of: withoutRepeats([...able, lastResort]) },
    isEscalated: true,
  };
}

/** Whether there may be somebody who answers for the addressee. */
export function canAnswer(addressee: Addressee, { people }: Pick<Staff, "people">): boolean {
  if ("person" in addressee) return people.some(({ id }) => id === addressee.person);
  return isPersonRole(addressee.role) || people.some((person) => isA(person, addressee.role));
}

function addresseesOf(asked: Asked, { team }: Staff): Addressee[] {
  if ("role" in asked) return [{ role: asked.role }];
  if ("person" in asked) return [{ person: asked.person }];
  return team.filter(({ role }) => role === asked.team).map(({ person }) => ({ person }));
}

/** As if everybody approved, each once. How many keys have a role is not known: there may be enough. */
function votesOfAll(addressees: readonly Addressee[], { people }: Staff, keys: number): Vote[] {
  const ofPeople = people.map((person) => ({
    as: addressees.filter((one) => ("role" in one ? isA(person, one.role) : one.person === person.id)),
  }));
  const ofKeys = addressees.flatMap((one) =>
    "role" in one && isPersonRole(one.role) ? Array.from({ length: keys }, () => ({ as: [one] })) : [],
  );
  return [...ofPeople, ...ofKeys];
}

function isA({ roles = [] }: Person, role: string): boolean {
  return roles.includes(role);
}

function withoutRepeats(addressees: readonly Addressee[]): Addressee[] {
  return addressees.filter(
    (addressee, place) => addressees.findIndex((other) => isSameAddressee(other, addressee)) === place,
  );
}
