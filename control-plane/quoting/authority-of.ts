import type { Instant } from "../../shared/pricing/instant.ts";
import { isInForce, periodOf } from "../../shared/pricing/period.ts";
import type { Authority } from "../../shared/quoting/approval.ts";
import type { Person } from "../../shared/quoting/records.ts";

interface Asking {
  /** The id of a person, an e-mail of a sign-in, or whatever a key without a person is called. */
  readonly person: string;
  /** That come with the caller's key. */
  readonly roles: readonly string[];
}

interface People {
  readonly people: readonly Person[];
  readonly at: Instant;
  readonly timeZone: string;
}

/**
 * The roles of somebody's record and key, its limit, and those whom it stands in for: they are away at the instant
 * and named it. Whoever stands in does so alone; it can't hand the place on to its own stand-in.
 */
export function authorityOf({ person, roles }: Asking, { people, at, timeZone }: People): Authority {
  const own = personOf(person, people);
  const name = own?.id ?? person;
  const away = people.filter(({ id, absences = [] }) =>
    absences.some(
      (absence) => id !== name && absence.to === name && isInForce(periodOf(absence, timeZone), at),
    ),
  );
  return {
    person: name,
    roles: [...new Set([...(own?.roles ?? []), ...roles])],
    ...limitOf(own),
    standsInFor: away.map((absent) => ({ person: absent.id, roles: absent.roles ?? [], ...limitOf(absent) })),
  };
}

/** By id, else by e-mail, in which upper and lower case are the same; an e-mail that two have is nobody's. */
function personOf(name: string, people: readonly Person[]): Person | undefined {
  const byId = people.find(({ id }) => id === name);
  if (byId !== undefined) return byId;
  const byEmail = people.filter(({ email }) => email?.toLowerCase() === name.toLowerCase());
  return byEmail.length === 1 ? byEmail[0] : undefined;
}

function limitOf(person: Person | undefined): Pick<Authority, "limit"> {
  if (person?.limit === undefined) return {};
  const { total, discountPercent } = person.limit;
  return {
    limit: {
      ...(total === undefined ? {} : { total }),
      ...(discountPercent === undefined ? {} : { discountPercent }),
    },
  };
}
