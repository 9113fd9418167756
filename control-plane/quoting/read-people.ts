import type { Person } from "../../shared/quoting/records.ts";
import { recordOf } from "../publish/load-plan.ts";
import { allRecords } from "../queries/read-records.ts";

/** Everybody who acts for the company, as it was at a sequence. */
export async function readPeople(catalog: D1Database, sequence: number): Promise<Person[]> {
  const people: Person[] = [];
  for await (const row of allRecords(catalog, ["person"], sequence)) people.push(recordOf<Person>(row));
  return people;
}
