import type { Ask } from "./planes.ts";

/** A route as a plane's own description has it. */
export interface DescribedRoute {
  readonly method: string;
  /** With a value for each parameter. */
  readonly path: string;
  readonly pattern: string;
  /** Undefined where the description forgot them. */
  readonly roles: readonly string[] | undefined;
  /** The content type of its body, if it has one. */
  readonly bodyType: string | undefined;
  readonly isBodyRequired: boolean;
  readonly hasResponseBody: boolean;
}

interface Operation {
  readonly "x-roles"?: readonly string[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Record<string, unknown> };
  readonly responses: Record<string, { readonly content?: Record<string, unknown> }>;
}

export async function describedRoutes(ask: Ask): Promise<DescribedRoute[]> {
  const response = await ask("/openapi.json");
  const { paths } = await response.json<{ paths: Record<string, Record<string, Operation>> }>();
  return Object.entries(paths).flatMap(([pattern, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: pattern.replaceAll(/\{[^}]+\}/g, "any"),
      pattern,
      roles: operation["x-roles"],
      bodyType: Object.keys(operation.requestBody?.content ?? {})[0],
      isBodyRequired: operation.requestBody?.required === true,
      hasResponseBody: Object.values(operation.responses).some(({ content }) => content !== undefined),
    })),
  );
}
