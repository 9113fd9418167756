import type { Attributes, What, Who } from "../../shared/pricing/records.ts";
import { oneOf } from "./scenario-words.ts";

export function whoOf(text: string | undefined): Who | undefined {
  if (text === undefined) return undefined;
  const { customers, groups, channels, ...others } = scopeOf(text, ["customers", "groups", "channels"]);
  return { customers, groups, channels, attributes: others.attributes };
}

export function whatOf(text: string | undefined): What | undefined {
  if (text === undefined) return undefined;
  const { skus, categories, brands, ...others } = scopeOf(text, ["skus", "categories", "brands"]);
  return { skus, categories, brands, attributes: others.attributes };
}

/** `groups:gold+silver,region=north`: keys that must all match, values of which one must. */
function scopeOf<Key extends string>(
  text: string,
  keys: readonly Key[],
): { [K in Key]?: string[] } & { attributes?: Attributes } {
  const scope: { [K in Key]?: string[] } = {};
  const attributes: string[] = [];
  for (const part of text.split(",")) {
    const [name = "", values] = part.split(":");
    if (values === undefined) attributes.push(part);
    else scope[oneOf(name, keys)] = values.split("+");
  }
  const found = attributesOf(attributes.length === 0 ? undefined : attributes.join(","));
  return { ...scope, ...(found === undefined ? {} : { attributes: found }) };
}

export function attributesOf(text: string | undefined): Attributes | undefined {
  if (text === undefined) return undefined;
  return Object.fromEntries(
    text.split(",").map((pair) => {
      const [key = "", values = ""] = pair.split("=");
      return [key, values.split("+")];
    }),
  );
}
