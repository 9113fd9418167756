import * as z from "zod";
import { amount, currency, date, id, percentUpTo100, text } from "../values.ts";
import { common } from "./common.ts";
import { ids } from "./fields.ts";
import { refuse } from "./refusal.ts";
import { windowInOrder } from "./window.ts";

const absencesMax = 100;
const teamMax = 50;

const email = text.check((value) => {
  if (value.value.length > 254 || !/^[^\s@]+@[^\s@]+$/.test(value.value))
    refuse(value, "invalid_email", "An e-mail address, such as sales@example.com");
});

const absence = z.strictObject({ from: date, until: date, to: id }).check(windowInOrder);

export const person = z
  .strictObject({
    ...common("person"),
    name: text,
    email: email.optional(),
    roles: ids.optional(),
    limit: z
      .strictObject({
        total: z.strictObject({ amount, currency }).optional(),
        discountPercent: percentUpTo100.optional(),
      })
      .optional(),
    absences: z.array(absence).max(absencesMax).optional(),
  })
  .check(namesAnother);

function namesAnother(
  record: z.core.ParsePayload<{ id: string; absences?: readonly { to: string }[] | undefined }>,
): void {
  for (const [index, { to }] of (record.value.absences ?? []).entries()) {
    if (to === record.value.id)
      refuse(record, "cycle", "Nobody stands in for themselves", ["absences", index, "to"]);
  }
}

/** A customer's account team. One person may have several roles there. */
export const team = z.array(z.strictObject({ person: id, role: id })).max(teamMax);
