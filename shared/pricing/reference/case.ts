import { isInForce, periodOf } from "../period.ts";
import { fullPolicy, type FullPolicy } from "../policy.ts";
import type { Question } from "../question.ts";
import type { DateText, PricingRecord } from "../records.ts";

type RecordOf<Type extends PricingRecord["type"]> = Extract<PricingRecord, { type: Type }>;

/** One question about some records: what every rule of the reference evaluator looks at. */
export class Case {
  readonly records: readonly PricingRecord[];
  readonly question: Question;
  readonly policy: FullPolicy;

  constructor(records: readonly PricingRecord[], question: Question) {
    this.records = records;
    this.question = question;
    this.policy = fullPolicy(this.find("policy", "default"));
  }

  all<Type extends PricingRecord["type"]>(type: Type): RecordOf<Type>[] {
    return this.records.filter((record): record is RecordOf<Type> => record.type === type);
  }

  find<Type extends PricingRecord["type"]>(type: Type, id: string | undefined): RecordOf<Type> | undefined {
    return this.all(type).find((record) => record.id === id);
  }

  /** The record and its ancestors, nearest first. */
  lineage(type: "category" | "customerGroup" | "customer", id: string | undefined): string[] {
    const ids: string[] = [];
    let record = this.find(type, id);
    while (record !== undefined && !ids.includes(record.id)) {
      ids.push(record.id);
      record = this.find(type, record.parent);
    }
    return ids;
  }

  isInForce(dates: { readonly from?: DateText | undefined; readonly until?: DateText | undefined }): boolean {
    return isInForce(periodOf(dates, this.policy.timeZone), this.question.at);
  }
}
