import type * as z from "zod";

/** What a check may report to: zod's payload, in a transform and in a check alike. */
interface Reporter {
  readonly issues: z.core.$ZodRawIssue[];
}

/** Refuses a value under a stable code, at a path below the schema that checks it. */
export function refuse(reporter: Reporter, code: string, message: string, path: PropertyKey[] = []): void {
  reporter.issues.push({ code: "custom", params: { code }, message, path, input: undefined });
}
