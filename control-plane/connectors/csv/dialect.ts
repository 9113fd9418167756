import * as z from "zod";

/** How a file is written. */
export const dialect = z.strictObject({
  separator: z.enum([",", ";", "\t", "|"]),
  /** Null where the file has none: then a quote is a character as any other. */
  quote: z.enum(['"', "'"]).nullable().default('"'),
});

export type Dialect = z.output<typeof dialect>;
