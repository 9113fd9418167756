import type { Context } from "hono";
import { html } from "hono/html";
import type { OpenApiDocument, SchemaObject } from "./openapi.ts";
import { schemaText } from "./schema-text.ts";

type Html = ReturnType<typeof html>;
type PathItem = NonNullable<OpenApiDocument["paths"]>[string];
type Operation = NonNullable<PathItem["get"]>;
type Content = NonNullable<Exclude<NonNullable<Operation["requestBody"]>, { $ref: string }>["content"]>;

/** The description as a page without scripts and without requests to elsewhere. */
export function docsPage(c: Context, document: OpenApiDocument): Response | Promise<Response> {
  const nonce = crypto.randomUUID();
  c.header(
    "Content-Security-Policy",
    `default-src 'none'; style-src 'nonce-${nonce}'; frame-ancestors 'none'`,
  );
  const operations = operationsOf(document).toSorted((a, b) => place(a) - place(b));
  const origin = new URL(c.req.url).origin;
  return c.html(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>${document.info.title}</title>
          <style nonce="${nonce}">
            ${style}
          </style>
        </head>
        <body>
          <h1>${document.info.title}</h1>
          <p>${document.info.description} The same as <a href="/openapi.json">OpenAPI 3.1</a>.</p>
          <ul>
            ${operations.map(
              ({ anchor, method, path, operation }) =>
                html`<li>
                  <a href="#${anchor}"><code>${method} ${path}</code></a> ${operation.summary}
                </li>`,
            )}
          </ul>
          ${operations.map((one) => section(one, origin))}
          <h2 id="problem">Problems</h2>
          <p>Every refusal is a problem document with one of these codes.</p>
          <pre>${schemaText(document.components?.schemas?.["Problem"] ?? {})}</pre>
        </body>
      </html>`,
  );
}

// What is the same in every plane comes last.
const place = ({ operation }: Documented) => (operation.tags?.includes("About") === true ? 1 : 0);

interface Documented {
  readonly anchor: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

function operationsOf(document: OpenApiDocument): Documented[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    (["get", "post", "put", "patch", "delete"] as const).flatMap((method) => {
      const operation = item[method];
      if (operation === undefined) return [];
      return [
        {
          anchor: `${method}${path.replaceAll(/[^a-z]+/gi, "-")}`,
          method: method.toUpperCase(),
          path,
          operation,
        },
      ];
    }),
  );
}

function section({ anchor, method, path, operation }: Documented, origin: string): Html {
  const roles: readonly string[] = operation["x-roles"];
  return html`<section id="${anchor}">
    <h2><code>${method} ${path}</code></h2>
    <p>${operation.summary}. ${operation.description ?? ""}</p>
    <p>For: ${roles.join(", ")}</p>
    ${parameters(operation)} ${requestBody(operation)}
    ${Object.entries(operation.responses ?? {}).map(response)}
    <pre>${curl(method, path, operation, origin)}</pre>
  </section>`;
}

function parameters({ parameters: all = [] }: Operation): Html[] {
  return all.flatMap((parameter) => {
    if ("$ref" in parameter) return [];
    const { name, in: place, required, schema = {} } = parameter;
    const note = "description" in schema ? schema.description : undefined;
    return [
      html`<p>
        <code>${name}</code> in the ${place}${required === true ? "" : ", optional"}:
        <code>${schemaText(schema)}</code> ${note ?? ""}
      </p>`,
    ];
  });
}

function requestBody({ requestBody: body }: Operation): Html | string {
  return body === undefined || "$ref" in body
    ? ""
    : html`<p>Body: ${body.description ?? ""}</p>
        ${contents(body.content)}`;
}

function response([status, { description, content }]: [
  string,
  { description?: string; content?: Content },
]): Html {
  if (status === "default") return html`<p>Else: <a href="#problem">a problem</a></p>`;
  return html`<p>${status}: ${description}</p>
    ${content === undefined ? "" : contents(content)}`;
}

function contents(content: Content): Html[] {
  return Object.entries(content).map(([type, { schema }]) => {
    const shown: SchemaObject = schema ?? {};
    return html`<pre>${type}${Object.keys(shown).length === 0 ? "" : `\n${schemaText(shown)}`}</pre>`;
  });
}

function curl(method: string, path: string, operation: Operation, origin: string): string {
  const { requestBody: body } = operation;
  const headers = (operation.parameters ?? []).flatMap((parameter) =>
    "in" in parameter && parameter.in === "header" && parameter.required === true
      ? [`-H '${parameter.name}: …'`]
      : [],
  );
  const type = body === undefined || "$ref" in body ? undefined : Object.keys(body.content)[0];
  return [
    `curl ${method === "GET" ? "" : `-X ${method} `}'${origin}${path}'`,
    ...(operation.security?.length === 0 ? [] : [`-H "Authorization: Bearer $KEY"`]),
    ...headers,
    ...(type === undefined ? [] : [`-H 'Content-Type: ${type}' --data-binary @body`]),
  ].join(" \\\n  ");
}

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
section { border-top: 1px solid #8886; margin-top: 2rem; }
pre { background: #8882; padding: 0.75rem; overflow-x: auto; }
h2 { font-size: 1.1rem; }
`;
