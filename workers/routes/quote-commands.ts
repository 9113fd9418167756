import * as z from "zod";
import type { Caller, Role } from "../../shared/api/callers.ts";
import { idempotencyKeyHeader, idempotencyKeyOf } from "../../shared/api/idempotency-key.ts";
import type { Plane } from "../../shared/api/plane.ts";
import { Problem } from "../../shared/api/problem.ts";
import { refusalOf } from "../../shared/quoting/decide.ts";
import type { CommandName, QuoteCommand } from "../../shared/quoting/command.ts";
import type { Quote } from "../../shared/quoting/quote.ts";
import { currentRevision } from "../../shared/quoting/quote.ts";
import type { EdgeEnv } from "../env.ts";
import { assessSet } from "../quotes/assess-set.ts";
import { newSet, sameLinesWith, type Side } from "../quotes/new-set.ts";
import { executeCommand } from "../quotes/open-quote.ts";
import { contactOf } from "../quotes/set-terms.ts";
import { answerQuote } from "./quote-answer.ts";
import { quoteShape } from "./quote-answer-shapes.ts";
import {
  actorOf,
  audienceOf,
  authorityOf,
  buyers,
  everyParty,
  forSellers,
  idempotencyOf,
  noSuchQuote,
  ownQuote,
  sellers,
  sideOf,
} from "./quote-callers.ts";
import { problemOfRefusal, stale, tooLarge } from "./quote-refusals.ts";
import { checkSet } from "./check-set.ts";
import {
  acceptBody,
  approveBody,
  commandBytesMax,
  commentBody,
  delegateBody,
  ifMatch,
  noBody,
  quoteParams,
  reasonBody,
  rejectBody,
  setBody,
  setBytesMax,
  type PostedSet,
} from "./quote-shapes.ts";

/** What a command is made of: who gives it, on which version of the quote, and when. */
interface Given {
  readonly env: EdgeEnv;
  readonly caller: Caller;
  readonly side: Side;
  readonly quote: Quote;
  readonly now: number;
}

interface CommandRoute<Body extends z.ZodType> {
  readonly name: CommandName;
  readonly summary: string;
  readonly description: string;
  readonly roles: readonly [Role | "customer", ...(Role | "customer")[]];
  readonly body: Body;
  readonly bodyOptional?: boolean;
  readonly bodyBytesMax?: number;
  /** Looks up what deciding the command takes. */
  prepare(body: z.output<Body>, given: Given): QuoteCommand | Promise<QuoteCommand>;
}

export function addQuoteCommandRoutes(plane: Plane<EdgeEnv>): void {
  addCommand(plane, {
    name: "submit",
    summary: "Asks for an offer",
    description: "From `draft`: the quote is `requested`. A seller may enter a request for a customer.",
    roles: everyParty,
    body: noBody,
    bodyOptional: true,
    prepare: () => ({ command: "submit" }),
  });

  addCommand(plane, {
    name: "revise",
    summary: "Replaces the lines and the terms",
    description:
      "The set is priced anew by the live snapshot; without `lines` the current ones are. A buyer revises a draft or " +
      "a request. A seller's revision leads to `in_review` and voids any approval.",
    roles: everyParty,
    body: setBody,
    bodyBytesMax: setBytesMax,
    prepare: async (body, given) => ({ command: "revise", set: await setOf(body, given) }),
  });

  addCommand(plane, {
    name: "reprice",
    summary: "Prices the quote anew",
    description:
      "By the live snapshot, keeping what was asked for and, on the seller's side, what was offered. `differences` in " +
      "the answer names what is other than before. An expired quote goes on with this.",
    roles: everyParty,
    body: setBody,
    bodyOptional: true,
    bodyBytesMax: setBytesMax,
    prepare: async (body, given) => ({ command: "reprice", set: await setOf(body, given) }),
  });

  addCommand(plane, {
    name: "offer",
    summary: "Makes an offer, to be approved and sent",
    description:
      "With `lines`, these, priced by the live snapshot; else the current ones as they are. What has no `offeredPrice` is " +
      "offered at the customer's own price; an item with neither is `incomplete`. The approval policies say who has to " +
      "approve: the quote is `awaiting_approval`, or `approved` where nobody has to. Without `validUntil` it holds for 30 days.",
    roles: sellers,
    body: setBody,
    bodyOptional: true,
    bodyBytesMax: setBytesMax,
    prepare: async (body, given) => {
      const { quote, env } = given;
      const at = new Date(given.now).toISOString();
      const set = Object.keys(body).length === 0 ? undefined : await offerSetOf(body, given);
      const assessment = await assessSet(env.DESK, set ?? currentRevision(quote), { quote, at });
      return { command: "offer", ...(set === undefined ? {} : { set }), assessment };
    },
  });

  addCommand(plane, {
    name: "counter",
    summary: "Answers with a set of one's own",
    description:
      "A buyer counters what was sent with `requestedPrice`s (a line without one asks for what was offered), and the quote " +
      "is `requested`. A seller counters a request, which is an offer.",
    roles: everyParty,
    body: setBody,
    bodyBytesMax: setBytesMax,
    prepare: async (body, given) => {
      const { side, env, quote, now } = given;
      const set = await setOf(body, given);
      if (side === "buyer") return { command: "counter", set };
      const at = new Date(now).toISOString();
      return { command: "counter", set, assessment: await assessSet(env.DESK, set, { quote, at }) };
    },
  });

  addCommand(plane, {
    name: "comment",
    summary: "Says something",
    description: "At any time. Buyers see what is not `internal`.",
    roles: everyParty,
    body: commentBody,
    prepare: ({ text, internal = false }, { side }) => {
      if (internal && side === "buyer") throw forSellers("/internal");
      return { command: "comment", text, internal };
    },
  });

  addCommand(plane, {
    name: "approve",
    summary: "Approves the offer, in one's own place or as a stand-in",
    description:
      "By one whom the current tier asks. Nobody approves an offer of their own (`self_approval`), over their limit " +
      "(`beyond_authority`), or twice in a tier (`already_decided`). After the last tier the quote is `approved`.",
    roles: sellers,
    body: approveBody,
    bodyOptional: true,
    prepare: async ({ comment }, given) => ({
      command: "approve",
      authority: await authorityOf(given.env, given.caller, given.now),
      ...(comment === undefined ? {} : { comment }),
    }),
  });

  addCommand(plane, {
    name: "reject",
    summary: "Rejects the offer, with a reason",
    description: "By one whom the current tier asks. The quote is `rejected`; a seller may offer it again.",
    roles: sellers,
    body: rejectBody,
    prepare: async ({ reason }, given) => ({
      command: "reject",
      authority: await authorityOf(given.env, given.caller, given.now),
      reason,
    }),
  });

  addCommand(plane, {
    name: "delegate",
    summary: "Hands one's place in the current tier on to another person",
    description:
      "The other one decides within their own limit. For times of absence there are `absences` of a `person`.",
    roles: sellers,
    body: delegateBody,
    prepare: async ({ to }, given) => ({
      command: "delegate",
      authority: await authorityOf(given.env, given.caller, given.now),
      to,
    }),
  });

  addCommand(plane, {
    name: "send",
    summary: "Sends the approved offer to the buyer",
    description:
      "From `approved`, and only what was approved: the buyer sees it from now on, until `validUntil`.",
    roles: sellers,
    body: noBody,
    bodyOptional: true,
    prepare: () => ({ command: "send" }),
  });

  addCommand(plane, {
    name: "accept",
    summary: "Accepts what was sent",
    description:
      "Once, before `validUntil`, with one item of each line (`picks`). An order is made of it, which the ERP is given once.",
    roles: buyers,
    body: acceptBody,
    bodyOptional: true,
    prepare: ({ picks = {}, purchaseOrder, contact }) => ({
      command: "accept",
      picks,
      ...(purchaseOrder === undefined ? {} : { purchaseOrder }),
      ...(contact === undefined ? {} : { contact: contactOf(contact) }),
    }),
  });

  addCommand(plane, {
    name: "decline",
    summary: "Declines: a buyer what was sent, a seller what was asked for",
    description: "The quote is `declined`, for good.",
    roles: everyParty,
    body: reasonBody,
    bodyOptional: true,
    prepare: ({ reason }) => ({ command: "decline", ...(reason === undefined ? {} : { reason }) }),
  });

  addCommand(plane, {
    name: "withdraw",
    summary: "Withdraws the quote",
    description: "By either side while nothing is accepted. The quote is `withdrawn`, for good.",
    roles: everyParty,
    body: reasonBody,
    bodyOptional: true,
    prepare: ({ reason }) => ({ command: "withdraw", ...(reason === undefined ? {} : { reason }) }),
  });
}

const refusals =
  "\n\nRefusals, of which the first that holds decides: 400 `idempotency_key_required`, 428 `precondition_required`, " +
  "404 for a quote that is not the caller's, 422 `idempotency_key_reused`, 412 `precondition_failed`, 403 " +
  "`not_for_party`, 409 `wrong_state` with the quote's `state` and what is `allowed`, then the decision's own. A request that is refused " +
  "changes nothing. The same key and bytes get the same answer again, whatever the version is by then.";

function addCommand<Body extends z.ZodType>(plane: Plane<EdgeEnv>, command: CommandRoute<Body>): void {
  const { name, summary, roles, body, bodyOptional = false, bodyBytesMax = commandBytesMax } = command;
  plane.route(
    {
      method: "post",
      path: `/v1/quotes/{id}/${name}`,
      summary,
      description: command.description + refusals,
      tags: ["Quotes"],
      roles,
      params: quoteParams,
      headers: z.object({ "if-match": ifMatch, "idempotency-key": idempotencyKeyHeader }),
      body,
      bodyOptional,
      bodyBytesMax,
      responses: { 200: { description: "The quote as it is afterwards", schema: quoteShape } },
    },
    async ({ params, headers, body: posted, bodyBytes, caller, c }) => {
      const { env } = c;
      const key = idempotencyKeyOf(headers["idempotency-key"]);
      const expected = expectedVersion(headers["if-match"]);
      const idempotency = await idempotencyOf(caller, key, { path: c.req.path, body: bodyBytes });
      const looked = await env.QUOTES.getByName(params.id).look({ expected, idempotency });
      const quote = ownQuote(caller, looked.kind === "unknown" ? undefined : looked.current);
      const side = sideOf(caller);
      const answer = (answered: Quote) =>
        answerQuote(answered, audienceOf(caller), { withDifferences: name === "reprice" });
      switch (looked.kind) {
        case "repeated":
          return answer(looked.quote);
        case "key_reused":
          throw new Problem("idempotency_key_reused");
        case "stale":
          throw stale(quote.version);
        case "unknown":
        case "ready":
      }
      const now = Date.now();
      const actor = await actorOf(env, caller, { customer: quote.customer, now });
      // Before anything is looked up for a decision that can only be a refusal.
      const refusal = refusalOf(quote, name, { party: side, at: new Date(now).toISOString() });
      if (refusal !== undefined) throw problemOfRefusal(refusal);
      const prepared = await command.prepare(posted as z.output<Body>, { env, caller, side, quote, now }); // By the route's schema.
      const execution = { command: prepared, expected, idempotency, actor };
      const executed = await executeCommand(env, { quote: quote.id, execution, now });
      switch (executed.kind) {
        case "done":
        case "repeated":
          return answer(executed.quote);
        case "key_reused":
          throw new Problem("idempotency_key_reused");
        case "stale":
          throw stale(executed.version);
        case "refused":
          throw problemOfRefusal(executed.refusal);
        case "too_large":
          throw tooLarge();
        case "unknown":
          throw noSuchQuote();
      }
      throw new Error("Every outcome of a command has its answer");
    },
  );
}

function expectedVersion(tag: string | undefined): number {
  if (tag === undefined) {
    throw new Problem("precondition_required", {
      detail: "If-Match is the ETag of the quote as the caller has seen it",
    });
  }
  return Number(tag.replace("W/", "").slice(1, -1));
}

async function setOf(body: PostedSet, { env, quote, side, now }: Given) {
  checkSet(body, side, now);
  return newSet(env, body, { quote, side, now });
}

/** An offer without lines is of the current ones, at the prices that they have. */
async function offerSetOf(body: PostedSet, given: Given) {
  if (body.lines !== undefined) return setOf(body, given);
  checkSet(body, given.side, given.now);
  return sameLinesWith(body, given.quote, given.now);
}
