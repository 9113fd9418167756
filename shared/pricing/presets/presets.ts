import type { Preset } from "../full-policy.ts";
import type { PresetName } from "../records.ts";
import { businessCentral } from "./business-central.ts";
import { commercetools } from "./commercetools.ts";
import { erpnext } from "./erpnext.ts";
import { medusa } from "./medusa.ts";
import { odoo } from "./odoo.ts";
import { oro } from "./oro.ts";
import { sap } from "./sap.ts";
import { tryton } from "./tryton.ts";

export const presets: Readonly<Record<PresetName, Preset>> = {
  tryton,
  odoo,
  erpnext,
  "business-central": businessCentral,
  sap,
  medusa,
  commercetools,
  oro,
};
