/** The fields of condition tables that have a place in records: SAP's technical name, and its name in OData. */
export const keyFields = {
  VKORG: "SalesOrganization",
  VTWEG: "DistributionChannel",
  SPART: "Division",
  KUNNR: "Customer",
  KUNAG: "SoldToParty",
  HIENR: "CustomerHierarchy",
  PLTYP: "PriceListType",
  KONDA: "CustomerPriceGroup",
  KDGRP: "CustomerGroup",
  KVGR1: "AdditionalCustomerGroup1",
  KVGR2: "AdditionalCustomerGroup2",
  KVGR3: "AdditionalCustomerGroup3",
  KVGR4: "AdditionalCustomerGroup4",
  KVGR5: "AdditionalCustomerGroup5",
  KDKGR: "CustomerConditionGroup",
  BRSCH: "Industry",
  BZIRK: "SalesDistrict",
  WAERK: "TransactionCurrency",
  VRKME: "OrderQuantityUnit",
  MATNR: "Material",
  MATKL: "MaterialGroup",
  PRODH: "ProductHierarchyNode",
  KONDM: "MaterialPricingGroup",
  MVGR1: "AdditionalMaterialGroup1",
  MVGR2: "AdditionalMaterialGroup2",
  MVGR3: "AdditionalMaterialGroup3",
  MVGR4: "AdditionalMaterialGroup4",
  MVGR5: "AdditionalMaterialGroup5",
} as const;

export type KeyField = keyof typeof keyFields;

export const keyFieldNames = Object.keys(keyFields) as readonly KeyField[]; // The keys of a constant.

/** What a customer is told apart by besides its own number; the names are those of OData. */
export const customerAttributes = [
  "KDGRP",
  "KVGR1",
  "KVGR2",
  "KVGR3",
  "KVGR4",
  "KVGR5",
  "KDKGR",
  "BRSCH",
  "BZIRK",
] as const satisfies readonly KeyField[];

export const materialAttributes = [
  "KONDM",
  "MVGR1",
  "MVGR2",
  "MVGR3",
  "MVGR4",
  "MVGR5",
] as const satisfies readonly KeyField[];

const byODataName = new Map<string, KeyField>(keyFieldNames.map((name) => [keyFields[name], name]));

export function keyFieldOfOData(name: string): KeyField | undefined {
  return byODataName.get(name);
}

export function isKeyField(name: string): name is KeyField {
  return Object.hasOwn(keyFields, name);
}
