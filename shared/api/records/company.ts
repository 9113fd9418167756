import * as z from "zod";
import { currency, date, id, text } from "../values.ts";
import { attributes, ids, notItself, who } from "./fields.ts";
import { common } from "./common.ts";
import { team } from "./person.ts";
import { windowInOrder } from "./window.ts";

export const category = z
  .strictObject({ ...common("category"), parent: id.optional(), name: text.optional() })
  .check(notItself("parent"));

export const customerGroup = z
  .strictObject({
    ...common("customerGroup"),
    name: text.optional(),
    parent: id.optional(),
    lists: ids.optional(),
    listsFallback: z.boolean().optional(),
    attributes: attributes.optional(),
  })
  .check(notItself("parent"));

export const customer = z
  .strictObject({
    ...common("customer"),
    name: text,
    groups: ids.optional(),
    lists: ids.optional(),
    listsFallback: z.boolean().optional(),
    parent: id.optional(),
    currency: currency.optional(),
    taxRule: id.optional(),
    status: z.enum(["active", "blocked"]).optional(),
    team: team.optional(),
    paymentTerms: text.optional(),
    attributes: attributes.optional(),
  })
  .check(notItself("parent"));

export const priceList = z
  .strictObject({
    ...common("priceList"),
    currency,
    name: text.optional(),
    parent: id.optional(),
    taxIncluded: z.boolean().optional(),
    who: who.optional(),
    unit: z.enum(["product_default", "product_sale"]).optional(),
    kind: z.enum(["sale", "override"]).optional(),
    merge: z.boolean().optional(),
    from: date.optional(),
    until: date.optional(),
    attributes: attributes.optional(),
  })
  .check(notItself("parent"), windowInOrder);
