import * as z from "zod";
import { cursorOf, placeOf } from "../../shared/api/cursor.ts";
import type { Plane } from "../../shared/api/plane.ts";
import { id } from "../../shared/api/values.ts";
import type { EdgeEnv } from "../env.ts";
import { listOrders } from "../queries/list-orders.ts";
import { orderStatuses } from "./quote-answer-shapes.ts";
import { sellers } from "./quote-callers.ts";
import { cursor, limit } from "./quote-shapes.ts";

const instant = z.string().meta({ format: "date-time" });

const orderShape = z.strictObject({
  id: z.string().meta({ description: "Ours; the ERP keeps it as the order's external reference" }),
  quote: z.string(),
  customer: z.string(),
  customerName: z.string(),
  currency: z.string(),
  total: z.string(),
  purchaseOrder: z.string().nullable(),
  status: z.enum(orderStatuses),
  erpOrder: z.string().nullable().meta({ description: "The ERP's own number, once it is placed" }),
  problem: z.string().nullable().meta({ description: "Why the ERP refused it" }),
  acceptedAt: instant,
  changedAt: instant,
});

export function addOrderRoutes(plane: Plane<EdgeEnv>): void {
  plane.route(
    {
      method: "get",
      path: "/v1/orders",
      summary: "The orders of accepted quotes, what changed last first",
      description:
        "`pending` until the ERP has booked it, which is tried until it succeeds; `refused` when the ERP says that it never will.",
      tags: ["Quotes"],
      roles: sellers,
      query: z.strictObject({
        status: z.enum(orderStatuses).optional(),
        customer: id.optional(),
        cursor,
        limit,
      }),
      responses: {
        200: {
          description: "A page of them",
          schema: z.strictObject({ orders: z.array(orderShape), next: z.string().nullable() }),
        },
      },
    },
    async ({ query, c }) => {
      const rows = await listOrders(c.env.PUBLISHED, {
        status: query.status,
        customer: query.customer,
        before: query.cursor === undefined ? undefined : pageEnd(query.cursor),
        limit: query.limit + 1,
      });
      const page = rows.slice(0, query.limit);
      const last = page.at(-1);
      const next =
        last === undefined || rows.length <= query.limit ? null : cursorOf([last.changedAt, last.id]);
      return c.json({ orders: page.map(({ version: _, ...order }) => order), next });
    },
  );
}

function pageEnd(text: string): { readonly changedAt: string; readonly id: string } {
  const [changedAt, id] = placeOf(text, "string", "cursor");
  return { changedAt, id };
}
