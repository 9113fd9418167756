import type { SchemaObject } from "./openapi.ts";

/** A JSON Schema as a person writes it down: `{ sku: text, quantity?: text }`, a member a line. */
export function schemaText(schema: SchemaObject, indent = ""): string {
  if ("$ref" in schema) return schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map((choice) => schemaText(choice, indent)).join(" | ");
  if (schema.items !== undefined) return `[${schemaText(schema.items, indent)}, …]`;
  if (schema.properties !== undefined) return objectText(schema.properties, schema.required ?? [], indent);
  const type = [schema.type ?? "any"].flat().join(" | ");
  return schema.format === undefined ? type : `${type} (${schema.format})`;
}

function objectText(
  members: Record<string, SchemaObject>,
  required: readonly string[],
  indent: string,
): string {
  const inner = `${indent}  `;
  const lines = Object.entries(members).map(([name, member]) => {
    const note = "description" in member ? `  // ${member.description}` : "";
    return `${inner}${name}${required.includes(name) ? "" : "?"}: ${schemaText(member, inner)}${note}`;
  });
  return `{\n${lines.join("\n")}\n${indent}}`;
}
