import type { Asked } from "../../shared/quoting/records.ts";
import type { RecordType, UpsertRecord } from "../../shared/api/records/record.ts";

/** What a record needs to exist before it can be applied. */
export type Reference = readonly [pointer: string, type: RecordType, id: string];

/**
 * A record's references, in the order in which they are looked for. Those of a price and the parents have
 * columns of their own and are not among them. Selectors (`who`, `what`, `replacedBy`) may name what is not
 * there: they then match nothing. What an approval policy is about is no selector, since one that matches nothing
 * approves everything. Whom an absent person names is one, since two may stand in for each other.
 */
export function referencesOf(record: UpsertRecord): Reference[] {
  switch (record.type) {
    case "customerGroup":
      return each("/lists", "priceList", record.lists);
    case "customer":
      return [
        ...each("/groups", "customerGroup", record.groups),
        ...each("/lists", "priceList", record.lists),
        ...one("/taxRule", "taxRule", record.taxRule),
        ...(record.team ?? []).map(({ person }, index): Reference => [
          `/team/${index}/person`,
          "person",
          person,
        ]),
      ];
    case "product":
      return [
        ...one("/category", "category", record.category),
        ...each("/categories", "category", record.categories),
        ...each("/taxes", "tax", record.taxes),
      ];
    case "rule":
      return [...one("/list", "priceList", record.list), ...inputList(record)];
    case "approvalPolicy":
      return [
        ...each("/when/customerGroups", "customerGroup", record.when.customerGroups),
        ...each("/when/categories", "category", record.when.categories),
        ...record.needs.flatMap(({ of }, need) =>
          of.flatMap((asked, index) => askedPerson(`/needs/${need}/of/${index}`, asked)),
        ),
        ...askedPerson("/escalateTo", record.escalateTo),
      ];
    case "category":
    case "priceList":
    case "price":
    case "policy":
    case "rate":
    case "tax":
    case "taxRule":
    case "inventory":
    case "order":
    case "person":
    case "company":
      return [];
  }
}

/** The records that form a tree with others of their type. */
export const treeTypes = ["category", "priceList", "customerGroup", "customer"] as const;

/**
 * The types whose records refer to others, each after the types that it refers to, so that one pass in this
 * order finds what is there.
 */
export const referringTypes = [...treeTypes, "product", "rule", "price", "approvalPolicy"] as const;

/** The list that a rule's effect is made on. */
function inputList({ effect }: Extract<UpsertRecord, { type: "rule" }>): Reference[] {
  const on = "on" in effect ? effect.on : undefined;
  return typeof on === "object" ? [["/effect/on/list", "priceList", on.list]] : [];
}

function askedPerson(pointer: string, asked: Asked | undefined): Reference[] {
  return asked !== undefined && "person" in asked ? [[`${pointer}/person`, "person", asked.person]] : [];
}

function one(pointer: string, type: RecordType, id: string | undefined): Reference[] {
  return id === undefined ? [] : [[pointer, type, id]];
}

function each(pointer: string, type: RecordType, ids: readonly string[] = []): Reference[] {
  return ids.map((id, index) => [`${pointer}/${index}`, type, id]);
}
