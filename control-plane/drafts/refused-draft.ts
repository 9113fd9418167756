/** A record that somebody else changed after it came into the draft. */
export interface DraftConflict {
  readonly type: string;
  readonly id: string;
  /** The fields that are others now than when the record came into the draft; "" for the record itself. */
  readonly pointers: readonly string[];
}

/** A record that can't be applied. */
export interface DraftProblem {
  readonly type: string;
  readonly id: string;
  readonly code: string;
  readonly pointer: string | null;
  readonly message: string;
}

/** Why a draft can't be applied as it is; at most a thousand of each. */
export interface DraftRefusal {
  readonly conflicts: readonly DraftConflict[];
  readonly problems: readonly DraftProblem[];
}

/** A refusal when nobody was there to be told. */
export interface DraftFailure extends DraftRefusal {
  /** RFC 3339. */
  readonly at: string;
}

export const refusedRecordsMax = 1000;

/** The top-level fields in which two bodies differ, as pointers; "" when there is no body on one side. */
export function differingFields(before: string | null, after: string | null): string[] {
  if (before === null || after === null || before === "" || after === "") return [""];
  const [old, fresh] = [before, after].map((body) => new Map(Object.entries(JSON.parse(body) as object)));
  const names = new Set([...(old?.keys() ?? []), ...(fresh?.keys() ?? [])]);
  return [...names]
    .filter((name) => JSON.stringify(old?.get(name)) !== JSON.stringify(fresh?.get(name)))
    .sort()
    .map((name) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
}
