import { and, desc, eq, getTableColumns, isNull } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import * as z from "zod";
import { forgetKey, hashOfKey, newKey } from "../../shared/api/api-keys.ts";
import { isPersonRole, personRoles, roles } from "../../shared/api/callers.ts";
import type { Plane } from "../../shared/api/plane.ts";
import { Problem } from "../../shared/api/problem.ts";
import { id, instant, text } from "../../shared/api/values.ts";
import type { ControlEnv } from "../env.ts";
import { apiKeys } from "../tables/api-keys.ts";

const keyFields = {
  id: z.string(),
  role: z.enum(roles),
  customers: z.array(id).nullable(),
  person: id.nullable().meta({ description: "Whose key it is, where it is one person's" }),
  label: z.string(),
  createdAt: instant,
};
const madeKey = z.object({ ...keyFields, key: z.string().meta({ description: "Shown this once" }) });
const listedKeys = z.object({ keys: z.array(z.object({ ...keyFields, revokedAt: instant.nullable() })) });

export function addKeyRoutes(plane: Plane<ControlEnv>): void {
  const common = { tags: ["Keys"], roles: ["admin"] } as const;

  plane.route(
    {
      ...common,
      method: "post",
      path: "/v1/keys",
      summary: "Make a key",
      description:
        "A storefront key may be limited to some customers. One of the roles sales, manager, approver and admin may be " +
        "a person's, by the id of its record: what it does in quotes is then done by that person. Only the key's hash " +
        "is kept.",
      body: z.object({
        role: z.enum(roles),
        customers: z.array(id).min(1).max(1000).nullable().optional(),
        person: id.nullable().optional(),
        label: text.optional(),
      }),
      responses: { 201: { description: "The key", schema: madeKey } },
    },
    async ({ body, c }) => {
      const { role, customers = null, person = null, label = "" } = body;
      if (customers !== null && role !== "storefront")
        throw notForRole("/customers", "Only a storefront key is limited to customers");
      if (person !== null && !isPersonRole(role))
        throw notForRole(
          "/person",
          `Only a key with one of these roles is a person's: ${personRoles.join(", ")}`,
        );
      const key = newKey(role);
      const createdAt = new Date().toISOString();
      const made = { id: crypto.randomUUID(), role, customers, person, label, createdAt };
      await drizzle(c.env.PUBLISHED)
        .insert(apiKeys)
        .values({ ...made, hash: hashOfKey(key) });
      return c.json({ ...made, key }, 201);
    },
  );

  plane.route(
    {
      ...common,
      method: "get",
      path: "/v1/keys",
      summary: "List the keys",
      description: "The newest first, with the revoked ones, and without the keys themselves.",
      responses: { 200: { description: "The keys", schema: listedKeys } },
    },
    async ({ c }) => {
      const { hash: _, ...shown } = getTableColumns(apiKeys);
      const keys = await drizzle(c.env.PUBLISHED)
        .select(shown)
        .from(apiKeys)
        .orderBy(desc(apiKeys.createdAt), apiKeys.id);
      return c.json({ keys });
    },
  );

  plane.route(
    {
      ...common,
      method: "delete",
      path: "/v1/keys/{id}",
      summary: "Revoke a key",
      description:
        "And with it the customer tokens that it made. Where it was just used it may work for 5 seconds more.",
      params: z.object({ id }),
      responses: { 204: { description: "The key is revoked, now or before" } },
    },
    async ({ params, c }) => {
      const db = drizzle(c.env.PUBLISHED);
      const revokedAt = new Date().toISOString();
      await db
        .update(apiKeys)
        .set({ revokedAt })
        .where(and(eq(apiKeys.id, params.id), isNull(apiKeys.revokedAt)));
      const [known] = await db.select({ id: apiKeys.id }).from(apiKeys).where(eq(apiKeys.id, params.id));
      if (known === undefined) throw new Problem("not_found", { detail: "There is no key with this id" });
      forgetKey(params.id);
      return c.body(null, 204);
    },
  );
}

function notForRole(pointer: string, detail: string): Problem {
  return new Problem("invalid_request", { detail, pointer, more: { reason: "not_for_role" } });
}
