import { parseInstant } from "../../shared/pricing/instant.ts";
import type { Authority } from "../../shared/quoting/approval.ts";
import type { AuthorityQuestion } from "../../shared/quoting/desk.ts";
import { authorityOf } from "./authority-of.ts";
import { readPeople } from "./read-people.ts";
import { readTimeZone } from "./read-profile.ts";

/** What somebody may decide at an instant, by the people as they were at a sequence. */
export async function findAuthority(
  catalog: D1Database,
  { sequence, person, roles, at }: AuthorityQuestion,
): Promise<Authority> {
  const instant = parseInstant(at);
  if (instant === undefined) throw new RangeError(`Cannot tell who may decide when: ${JSON.stringify(at)}`);
  const [people, timeZone] = await Promise.all([
    readPeople(catalog, sequence),
    readTimeZone(catalog, sequence),
  ]);
  return authorityOf({ person, roles }, { people, at: instant, timeZone });
}
