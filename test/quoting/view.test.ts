import { expect, it } from "vitest";
import { eventFor } from "../../shared/quoting/event-view.ts";
import { viewFor } from "../../shared/quoting/view.ts";
import { secretMargin } from "../support/quote-world.ts";
import { playText } from "../support/play-text.ts";

const story = `
price BIKE 100.00
person ann roles lead
person bob roles finance
policy tier 1 needs 1 of role:lead because "discount above 10 %"
policy tier 2 needs all of role:finance,person:dan escalate 8 to role:director because "margin below 20 %"
buyer opens 40 BIKE asking 80.00 -> draft
buyer submits -> requested
sally says "a good customer" internally -> requested
sally says "we look into it" -> requested
sally offers 40 BIKE asking 80.00 at 85.00 -> awaiting_approval
ann delegates to eve -> awaiting_approval
eve approves saying "for once" -> awaiting_approval
bob approves -> awaiting_approval
`;

it("an internal reader sees who is asked, who approved in whose place, and why", () => {
  const { quote } = playText(story).world;
  const { approval, margin } = viewFor("internal", quote);
  expect(margin?.total).toBe(secretMargin);
  expect(approval?.asked).toEqual([{ person: "dan" }]);
  expect(approval?.requesters).toEqual(["sally"]);
  expect(approval?.tiers.map(({ status, causes, approvals }) => [status, causes, approvals])).toEqual([
    [
      "met",
      [{ policy: "POLICY", because: "discount above 10 %" }],
      [{ tier: 1, person: "eve", as: [{ role: "lead" }], insteadOf: "ann", at: "2026-06-15T12:00:00Z" }],
    ],
    [
      "asked",
      [{ policy: "POLICY", because: "margin below 20 %" }],
      [{ tier: 2, person: "bob", as: [{ role: "finance" }], at: "2026-06-15T12:00:00Z" }],
    ],
  ]);
  expect(approval?.tiers[1]?.clauses).toEqual([
    { atLeast: 2, of: [{ role: "finance" }, { person: "dan" }], needed: 2, reached: 1 },
  ]);
});

it("a buyer sees their own revision, the state and the shared words, and no field more", () => {
  const { quote, log } = playText(story).world;
  expect(viewFor("buyer", quote)).toEqual({
    id: "Q-1",
    status: "awaiting_approval",
    version: quote.version,
    customer: "C-100",
    customerName: "Customer 100",
    currency: "EUR",
    openedBy: "buyer",
    createdAt: "2026-06-15T12:00:00Z",
    changedAt: "2026-06-15T12:00:00Z",
    revision: quote.revisions[0],
    revisions: 1,
    comments: [{ by: "seller", at: "2026-06-15T12:00:00Z", text: "we look into it", internal: false }],
    allowed: ["comment", "withdraw"],
  });
  const told = log.flatMap((entry) => eventFor("buyer", entry) ?? []);
  expect(told.map(({ type, by }) => [type, by])).toEqual([
    ["opened", "buyer"],
    ["submitted", "buyer"],
    ["commented", "seller"],
  ]);
});

it("an internal reader sees every event, who did it and by which key", () => {
  const { log } = playText(story).world;
  const told = log.flatMap((entry) => eventFor("internal", entry) ?? []);
  expect(told.length).toBe(log.length);
  expect(told.find(({ type }) => type === "approved")).toMatchObject({
    by: "seller",
    person: "eve",
    key: "key-eve",
    says: { tier: 1, insteadOf: "ann", comment: "for once" },
  });
});
