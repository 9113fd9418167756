import * as z from "zod";
import { mayAsk } from "../../shared/api/callers.ts";
import { signCustomerToken } from "../../shared/api/customer-token.ts";
import type { Plane } from "../../shared/api/plane.ts";
import { Problem } from "../../shared/api/problem.ts";
import { id } from "../../shared/api/values.ts";
import type { EdgeEnv } from "../env.ts";

const minted = z.strictObject({
  token: z.string().meta({ description: "For `Authorization: Bearer`" }),
  expiresAt: z.string().meta({ format: "date-time" }),
});

export function addTokenRoutes(plane: Plane<EdgeEnv>): void {
  plane.route(
    {
      method: "post",
      path: "/v1/tokens",
      summary: "A token with which only one customer's data can be reached, for at most five minutes",
      description:
        "For a storefront that lets its customer's browser ask by itself. Whether there is such a customer is not looked up.",
      tags: ["Callers"],
      roles: ["storefront"],
      body: z.strictObject({ customer: id }),
      responses: { 201: { description: "The token", schema: minted } },
    },
    async ({ body: { customer }, caller, c }) => {
      if (!mayAsk(caller, customer)) throw new Problem("unknown_customer");
      const secret = c.env.SIGNING_SECRET;
      const token = { customer, keyId: caller.keyId };
      return c.json(await signCustomerToken(token, { secret, now: Date.now() }), 201);
    },
  );
}
