/** What one draft may hold, so that judging, previewing and applying it stay one step each. */
export const draftRecordsMax = 5_000;
export const draftCharactersMax = 4_000_000;

/** How far ahead a draft may be scheduled. */
export const scheduleAheadMaxMilliseconds = 366 * 24 * 60 * 60 * 1000;

/** What managers decide; everything else is the ERP's. */
export const draftTypes = [
  "price",
  "priceList",
  "rule",
  "policy",
  "approvalPolicy",
  "person",
  "company",
] as const;
