import * as z from "zod";
import { refuse } from "./refusal.ts";

/** One of several forms, told apart by the key that only it has, so that a fault within keeps its own code and pointer. */
export function oneByKey<Value>(forms: Readonly<Record<string, z.ZodType<Value>>>) {
  const keys = Object.keys(forms);
  return z
    .unknown()
    .transform((value, context): Value => {
      if (value === undefined) {
        refuse(context, "missing_field", "The field is required");
        return z.NEVER;
      }
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        refuse(context, "wrong_type", "An object is expected");
        return z.NEVER;
      }
      const [key, second] = keys.filter((name) => Object.hasOwn(value, name));
      const form = key === undefined || second !== undefined ? undefined : forms[key];
      if (form === undefined) {
        refuse(context, "wrong_form", `Exactly one of ${keys.join(", ")} is expected`);
        return z.NEVER;
      }
      const found = form.safeParse(value);
      if (found.success) return found.data;
      for (const issue of found.error.issues) context.issues.push({ ...issue, input: undefined });
      return z.NEVER;
    })
    .meta({
      anyOf: Object.values(forms).map((form) =>
        z.toJSONSchema(form, { io: "input", unrepresentable: "any" }),
      ),
    });
}
