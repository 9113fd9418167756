import * as z from "zod";
import { currency, text } from "../../shared/api/values.ts";
import { translateBusinessCentral } from "./business-central/translate.ts";
import { csvMapping } from "./csv/mapping.ts";
import { translateCsv } from "./csv/translate.ts";
import { translateErpnext } from "./erpnext/translate.ts";
import { translateOdoo } from "./odoo/translate.ts";
import { sapOptions } from "./sap/options.ts";
import { translateConditionIDoc, translateConditionRecords } from "./sap/translate.ts";
import type { Replaced } from "./sap/translate-conditions.ts";
import type { Translation } from "./translation.ts";

/** A connector whose payloads can be posted: its options, and what it makes of a payload. */
export interface PostedConnector {
  readonly options: z.ZodType;
  /** What a payload is, for the documentation. */
  readonly payload: z.ZodType;
  /** Both were checked. */
  readonly translate: (payload: unknown, options: unknown) => Promise<Translated> | Translated;
}

/** A translation, and what else it says is gone: the records with ids that begin so, as far as it lacks them. */
export interface Translated extends Translation {
  readonly replaces?: readonly Replaced[];
}

const rows = z.array(z.unknown()).max(100_000);
const tables = z.record(z.string(), rows);
const company = { currency, timeZone: text };

const sap = connector({
  options: sapOptions,
  payload: z.strictObject({ records: rows, scales: rows.optional() }),
  translate: ({ records, scales }, options) => translateConditionRecords(records, options, scales),
});

const sapIdoc = connector({
  options: sapOptions,
  payload: z.string(),
  translate: translateConditionIDoc,
});

const csv = connector({
  options: csvMapping,
  payload: z.string(),
  translate: (file, mapping) => translateCsv([file], mapping),
});

const businessCentral = connector({
  options: z.strictObject(company),
  payload: tables,
  translate: translateBusinessCentral,
});

const odoo = connector({
  options: z.strictObject({ ...company, lineDiscounts: z.boolean().optional() }),
  payload: tables,
  translate: translateOdoo,
});

const erpnext = connector({
  options: z.strictObject({ ...company, name: text }),
  payload: tables,
  translate: translateErpnext,
});

export const postedConnectors = {
  sap,
  "sap-idoc": sapIdoc,
  csv,
  "business-central": businessCentral,
  odoo,
  erpnext,
} as const;

export type PostedConnectorName = keyof typeof postedConnectors;

function connector<Options, Payload>(definition: {
  readonly options: z.ZodType<Options>;
  readonly payload: z.ZodType<Payload>;
  readonly translate: (payload: Payload, options: Options) => Promise<Translated> | Translated;
}): PostedConnector {
  const { options, payload, translate } = definition;
  return {
    options,
    payload,
    translate: (body, settings) => translate(body as Payload, settings as Options), // As checked.
  };
}
