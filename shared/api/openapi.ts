import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { problemCodes } from "./problem.ts";
import type { ResponseDefinition, RouteDefinition, StreamBody } from "./route.ts";

/**
 * Routes in OpenAPI's form. OpenAPI 3.1 schemas are JSON Schema, which zod writes itself, so a schema is handed over
 * as that: the framework's own validators, which would read numbers as binary floats, then stay out of the way.
 */

export type OpenApiDocument = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;

type Registry = OpenAPIHono["openAPIRegistry"];
export type SchemaObject = NonNullable<NonNullable<OpenApiDocument["components"]>["schemas"]>[string];

export function registerCommonParts(registry: Registry): void {
  registry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    description: "A key, or a customer token made with a storefront key",
  });
  registry.registerComponent("securitySchemes", "access", {
    type: "apiKey",
    in: "header",
    name: "Cf-Access-Jwt-Assertion",
    description:
      "What Cloudflare Access adds to the requests of who has signed in there; the role is approver",
  });
  registry.registerComponent("schemas", "Problem", schemaObject(problem));
}

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(problemCodes),
  detail: z.string().optional(),
  pointer: z.string().optional().meta({ description: "RFC 6901: what of the body is at fault" }),
  parameter: z
    .string()
    .optional()
    .meta({ description: "What of the path, the query or the headers is at fault" }),
  reason: z.string().optional().meta({ description: "With invalid_request: a stable code of what is wrong" }),
  requestId: z.string(),
});

export function openApiRoute(definition: RouteDefinition): Parameters<Registry["registerPath"]>[0] {
  const { method, path, summary, description, tags, roles, body } = definition;
  return {
    method,
    path,
    summary,
    ...(description === undefined ? {} : { description }),
    ...(tags === undefined ? {} : { tags: [...tags] }),
    security:
      roles === "public" ? [] : [{ bearer: [] }, ...(roles.includes("approver") ? [{ access: [] }] : [])],
    "x-roles": roles === "public" ? [roles] : roles,
    parameters: [
      ...parametersIn("path", definition.params),
      ...parametersIn("query", definition.query),
      ...parametersIn("header", definition.headers),
    ],
    ...(body === undefined ? {} : { request: { body: requestBody(body, definition.bodyOptional !== true) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(definition.responses).map(([status, response]) => [status, responseObject(response)]),
      ),
      default: {
        description: "A problem",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
}

function parametersIn(place: "path" | "query" | "header", schema: z.ZodObject | undefined) {
  if (schema === undefined) return [];
  return Object.entries(schema.shape).map(([name, member]) => ({
    in: place,
    name,
    // A header may be required by a check that has a code of its own, and says so in its metadata.
    required: !member.safeParse(undefined).success || member.meta()?.["x-required"] === true,
    schema: schemaObject(member),
  }));
}

function requestBody(body: z.ZodType | StreamBody, required: boolean) {
  if (body instanceof z.ZodType)
    return { required, content: { "application/json": { schema: schemaObject(body) } } };
  return {
    required,
    description: body.description,
    content: { [body.stream]: { schema: schemaObject(body.line ?? z.unknown()) } },
  };
}

function responseObject({ description, schema, contentType }: ResponseDefinition) {
  if (schema === undefined && contentType === undefined) return { description };
  const content = {
    [contentType ?? "application/json"]: { schema: schema === undefined ? {} : schemaObject(schema) },
  };
  return { description, content };
}

/** The form that a client sends: before defaults and transforms. */
function schemaObject(schema: z.core.$ZodType): SchemaObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  // The two libraries' types for JSON Schema differ only in what they leave open.
  return rest as SchemaObject;
}
