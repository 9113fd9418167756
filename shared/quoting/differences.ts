import { canonicalJson } from "../canonical-json.ts";
import type { QuoteItem, QuoteLine } from "./line.ts";
import type { Revision, Terms } from "./quote.ts";

/** What one revision says and another doesn't: what re-pricing shows. */
export interface Differences {
  /** Absent: it is the same. */
  readonly total?: Change;
  readonly terms: readonly (Change & { readonly field: keyof Terms })[];
  /** By line and item, in the order of the later revision, then what it leaves out. */
  readonly items: readonly ItemDifference[];
}

export interface Change {
  /** Absent: there was none. */
  readonly before?: unknown;
  readonly after?: unknown;
}

export type ItemDifference = { readonly line: string; readonly item: string; readonly sku: string } & (
  | { readonly kind: "added" | "removed" }
  | { readonly kind: "changed"; readonly changes: readonly (Change & { readonly field: ItemField })[] }
);

const itemFields = [
  "sku",
  "quantity",
  "unit",
  "per",
  "listed",
  "requestedPrice",
  "offeredPrice",
  "lineTotal",
  "discountPercent",
] as const satisfies readonly (keyof QuoteItem)[];
type ItemField = (typeof itemFields)[number];

const termFields = [
  "validUntil",
  "paymentTerms",
  "purchaseOrder",
  "note",
  "contacts",
  "attachments",
] as const satisfies readonly (keyof Terms)[];

export function differences(before: Revision, after: Revision): Differences {
  const [old, current] = [itemsOf(before.lines), itemsOf(after.lines)];
  const appearing = [...current].flatMap(([key, now]): ItemDifference[] => {
    const was = old.get(key);
    if (was === undefined) return [{ ...nameOf(now), kind: "added" }];
    const changes = changesIn(was.item, now.item, itemFields);
    return changes.length === 0 ? [] : [{ ...nameOf(now), kind: "changed", changes }];
  });
  const gone = [...old].filter(([key]) => !current.has(key));
  return {
    ...(before.total === after.total ? {} : { total: { before: before.total, after: after.total } }),
    terms: changesIn(before.terms, after.terms, termFields),
    items: [...appearing, ...gone.map(([, was]): ItemDifference => ({ ...nameOf(was), kind: "removed" }))],
  };
}

interface ItemOfLine {
  readonly line: string;
  readonly item: QuoteItem;
}

function itemsOf(lines: readonly QuoteLine[]): ReadonlyMap<string, ItemOfLine> {
  return new Map(
    lines.flatMap(({ line, own, alternatives }) =>
      [own, ...alternatives].map((item) => [`${line}/${item.item}`, { line, item }] as const),
    ),
  );
}

function nameOf({ line, item: { item, sku } }: ItemOfLine) {
  return { line, item, sku };
}

function changesIn<Of extends object, Field extends keyof Of>(
  before: Of,
  after: Of,
  fields: readonly Field[],
): readonly (Change & { readonly field: Field })[] {
  return fields
    .filter((field) => canonicalJson([before[field]]) !== canonicalJson([after[field]]))
    .map((field) => ({
      field,
      ...(before[field] === undefined ? {} : { before: before[field] }),
      ...(after[field] === undefined ? {} : { after: after[field] }),
    }));
}
