/** A part of a template: text as it stands, or a column's cell with what stands in for an empty one. */
export type TemplatePart =
  | { readonly text: string }
  | { readonly column: string; readonly whenEmpty: string | undefined };

/** The parts of a template such as `{list}/{sku}/{from|1}`, or a sentence on why it is none. */
export function templateParts(template: string): readonly TemplatePart[] | string {
  const parts: TemplatePart[] = [];
  let end = 0;
  for (const found of template.matchAll(/\{([^{}|]+)(?:\|([^{}|]+))?\}/g)) {
    if (found.index > end) parts.push({ text: template.slice(end, found.index) });
    parts.push({ column: found[1] ?? "", whenEmpty: found[2] });
    end = found.index + found[0].length;
  }
  if (end < template.length) parts.push({ text: template.slice(end) });
  const isOdd = parts.some((part) => "text" in part && /[{}]/.test(part.text));
  if (isOdd) return "A template has braces around columns only";
  return parts.some((part) => "column" in part) ? parts : "A template names a column at least";
}
