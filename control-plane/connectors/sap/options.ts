import * as z from "zod";

const conditionType = z.string().min(1).max(4);
const conditionTypes = z.array(conditionType).default([]);
const salesArea = z.strictObject({
  salesOrganization: z.string().min(1),
  distributionChannel: z.string().min(1).optional(),
  division: z.string().min(1).optional(),
});

/** What condition records don't say: how the company's pricing procedure uses them. */
export const sapOptions = z
  .strictObject({
    /** The condition types that are prices. One of them that has a step too replaces the price before it. */
    prices: z.array(conditionType).min(1),
    /** The step of the procedure at which a condition type comes, for all types that are not the base price. */
    steps: z.record(conditionType, z.int().min(0).max(99_999)).default({}),
    /** The condition tables of a type in the order in which its access sequence asks them. */
    accesses: z.record(conditionType, z.array(z.string()).min(1).max(99)).default({}),
    /** Percentages whose reference step is the base price, and not what stands before them. */
    onBase: conditionTypes,
    /** Types that cumulate over the lines of a document. */
    group: conditionTypes,
    /** Types whose steps are statistical. */
    statistical: conditionTypes,
    /** Whether discounts have SAP's requirement 2, which a price with the exclusion indicator keeps away. */
    exclusionIndicator: z.enum(["respected", "ignored"]).optional(),
    /** The one sales area that is read; its fields then say nothing more. */
    salesArea: salesArea.optional(),
    /** The sales areas by the channel that questions name. */
    channels: z.record(z.string().min(1), salesArea).optional(),
    /** Units by SAP's word for them, where the products have another. */
    units: z.record(z.string(), z.string().min(1)).default({}),
  })
  .check((options) => {
    const { prices, steps, salesArea: only, channels } = options.value;
    const [, second] = prices.filter((type) => steps[type] === undefined);
    if (second !== undefined) {
      report(options, `Only one price is the base price: ${second} needs a step`, ["prices"]);
    }
    if (only !== undefined && channels !== undefined) {
      report(options, "Either one sales area is read, or several are channels", ["channels"]);
    }
  });

function report(options: z.core.ParsePayload, message: string, path: PropertyKey[]): void {
  options.issues.push({ code: "custom", message, path, input: undefined });
}

export type SapOptions = z.output<typeof sapOptions>;
export type SalesArea = z.output<typeof salesArea>;
