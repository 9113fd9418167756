import { decimal28, exact, type Arithmetic } from "../arithmetic.ts";
import { isInForce, periodOf, type Period } from "../period.ts";
import type { Question } from "../question.ts";
import type { DateText, PricingRecord } from "../records.ts";
import { settingsOf, type Settings } from "./policy.ts";

type RecordOf<Type extends PricingRecord["type"]> = Extract<PricingRecord, { type: Type }>;

interface Dates {
  readonly from?: DateText | undefined;
  readonly until?: DateText | undefined;
}

/** One question about some records: what every rule of the reference evaluator looks at. */
export class Case {
  readonly records: readonly PricingRecord[];
  readonly question: Question;
  readonly policy: Settings;
  readonly arithmetic: Arithmetic;

  constructor(records: readonly PricingRecord[], question: Question) {
    this.records = records;
    this.question = question;
    this.policy = settingsOf(this.find("policy", "default"));
    this.arithmetic = this.policy.arithmetic === "exact" ? exact : decimal28;
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

  period(dates: Dates): Period {
    return periodOf(dates, this.policy.timeZone);
  }

  isInForce(dates: Dates): boolean {
    return isInForce(this.period(dates), this.question.at);
  }
}
