import type { ConditionKey } from "./condition.ts";
import { keyFieldOfOData, type KeyField } from "./key-fields.ts";
import type { ODataRow } from "./odata-navigation.ts";

/** The fields of a validity that are set, apart from those that every validity has. */
export function keyFieldsOf(validity: ODataRow): Pick<ConditionKey, "fields" | "unread"> {
  const fields = new Map<KeyField, string>();
  const unread: string[] = [];
  for (const [name, value] of Object.entries(validity)) {
    if (isOfEveryValidity(name) || isInitial(name, value)) continue;
    const field = keyFieldOfOData(name);
    if (field !== undefined && typeof value === "string") fields.set(field, value);
    else unread.push(name);
  }
  return { fields, unread };
}

const ofEveryValidity = new Set([
  "ConditionRecord",
  "ConditionValidityStartDate",
  "ConditionValidityEndDate",
  "ConditionApplication",
  "ConditionType",
  "ConditionReleaseStatus",
  "ConditionProcessingStatus",
  "ETag",
  "SAPObjectNodeType",
  "LastChangeDateTime",
]);

function isOfEveryValidity(name: string): boolean {
  // `BPFor…` repeats a customer by its number as a business partner; the rest is OData's own.
  return ofEveryValidity.has(name) || /^(?:BPFor|to_|__|_|@)/.test(name) || name.includes("@");
}

// Fields of digits only, whose zeros say that there is nothing. In others `0` and `00` are values.
const numericFields = new Set([
  "SalesDocumentItem",
  "ConfigurationNumber",
  "Personnel",
  "BRSpcfcTaxBasePercentageCode",
  "BRSpcfcTxGrpDynTaxExceptions",
  "TradingContractItem",
  "ReferenceSDDocumentItem",
  "WBSElementInternalID",
  "WorkPackage",
  "ConditionScaleBasisValue",
  "ServiceDocumentItem",
  "SubscriptionContractDuration",
  "CrsCtlgMappgPriceVersionNumber",
  "SDDocumentItem",
]);

function isInitial(name: string, value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false) return true;
  return typeof value === "string" && numericFields.has(name) && /^0*$/.test(value);
}
