import { rowOf } from "../cell.ts";
import { day, decimal, flag, requiredText, text } from "./odata-cells.ts";

/** The fields that are read of the entities of API_SLSPRICINGCONDITIONRECORD_SRV. */

const rate = {
  ConditionRateValue: decimal,
  ConditionRateValueUnit: text,
  ConditionRateAmount: decimal,
  ConditionCurrency: text,
  ConditionRateRatio: decimal,
  ConditionRateRatioUnit: text,
};

export const rateRow = rowOf(rate);

/** A_SlsPrcgConditionRecord. */
export const recordRow = rowOf({
  ...rate,
  ConditionRecord: requiredText,
  ConditionSequentialNumber: text,
  ConditionTable: requiredText,
  ConditionApplication: requiredText,
  ConditionType: requiredText,
  ConditionCalculationType: requiredText,
  ConditionQuantity: decimal,
  ConditionQuantityUnit: text,
  PricingScaleType: text,
  PricingScaleBasis: text,
  PricingScaleLine: text,
  ConditionScaleQuantityUnit: text,
  ConditionScaleAmountCurrency: text,
  ConditionExclusion: text,
  ConditionIsDeleted: flag,
  ConditionReleaseStatus: text,
  CndnMaxNumberOfSalesOrders: decimal,
  MinimumConditionBasisValue: decimal,
  MaximumConditionBasisValue: decimal,
  MaximumConditionAmount: decimal,
  IncrementalScale: decimal,
});

export const limitFields = [
  "CndnMaxNumberOfSalesOrders",
  "MinimumConditionBasisValue",
  "MaximumConditionBasisValue",
  "MaximumConditionAmount",
  "IncrementalScale",
] as const;

/** A_SlsPrcgCndnRecdValidity; its key fields are read in `odata-key.ts`. */
export const validityRow = rowOf({
  ConditionValidityStartDate: day,
  ConditionValidityEndDate: day,
  ConditionReleaseStatus: text,
});

/** A_SlsPrcgCndnRecordScale. */
export const scaleRow = rowOf({
  ...rate,
  ConditionRecord: text,
  ConditionSequentialNumber: text,
  ConditionScaleQuantity: decimal,
  ConditionScaleQuantityUnit: text,
  ConditionScaleAmount: decimal,
  ConditionScaleAmountCurrency: text,
});
