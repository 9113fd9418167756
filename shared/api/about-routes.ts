import * as z from "zod";
import { docsPage } from "./docs-page.ts";
import type { OpenApiDocument } from "./openapi.ts";
import type { AddRoute } from "./route.ts";

/** The routes that every plane has and everyone may call. */
export function addAboutRoutes<Env extends object>(
  route: AddRoute<Env>,
  documented: () => OpenApiDocument,
): void {
  const common = { method: "get", tags: ["About"], roles: "public", query: z.looseObject({}) } as const;
  route(
    {
      ...common,
      path: "/healthz",
      summary: "Whether this Worker runs",
      responses: { 200: { description: "It runs", schema: z.object({ status: z.literal("ok") }) } },
    },
    ({ c }) => c.json({ status: "ok" }),
  );
  route(
    {
      ...common,
      path: "/openapi.json",
      summary: "This description",
      responses: { 200: { description: "OpenAPI 3.1", contentType: "application/json" } },
    },
    ({ c }) => c.json(documented()),
  );
  route(
    {
      ...common,
      path: "/docs",
      summary: "This description as a page",
      responses: { 200: { description: "A page without scripts", contentType: "text/html" } },
    },
    ({ c }) => docsPage(c, documented()),
  );
}
