import { WorkerEntrypoint } from "cloudflare:workers";
import type { Assessment, Authority } from "../shared/quoting/approval.ts";
import type {
  AssessQuestion,
  AuthorityQuestion,
  DescribeQuestion,
  Description,
  QuoteDesk as Desk,
} from "../shared/quoting/desk.ts";
import type { ControlEnv } from "./env.ts";
import { assess } from "./quoting/assess.ts";
import { describe } from "./quoting/describe.ts";
import { findAuthority } from "./quoting/find-authority.ts";

/** What the edge may ask of the control plane about quotes. No cost is in any answer. */
export class QuoteDesk extends WorkerEntrypoint<ControlEnv> implements Desk {
  describe(question: DescribeQuestion): Promise<Description | undefined> {
    return describe(this.env.CATALOG, question);
  }

  assess(question: AssessQuestion): Promise<Assessment> {
    return assess(this.env.CATALOG, question);
  }

  authority(question: AuthorityQuestion): Promise<Authority> {
    return findAuthority(this.env.CATALOG, question);
  }
}
