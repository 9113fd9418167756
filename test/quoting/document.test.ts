import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documentPage, type Documented } from "../../workers/quotes/document/document.ts";
import { shownAmount, shownQuantity } from "../../workers/quotes/document/shown-amount.ts";
import { shownDay, shownMoment } from "../../workers/quotes/document/shown-day.ts";
import { documentedQuote } from "../support/documented-quote.ts";

const htmlOf = async (quote: Documented) => String(await documentPage(quote, "A4").page);
/** What a reader sees of the table, a text a row. */
const rowsOf = (html: string) =>
  [...html.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = ""]) =>
    row
      .replaceAll(/<[^>]+>/g, " ")
      .replaceAll(/\s+/g, " ")
      .trim(),
  );

describe("amounts for people: it promises that…", () => {
  it.each([
    ["0", "USD", "0.00"],
    ["1234.5", "USD", "1,234.50"],
    ["0.00425", "USD", "0.00425"],
    ["999", "JPY", "999"],
    ["1000", "JPY", "1,000"],
    ["1000.5", "KWD", "1,000.500"],
    ["123456789012345678901234.12345678", "EUR", "123,456,789,012,345,678,901,234.12345678"],
    ["-1234.5", "EUR", "-1,234.50"],
  ])("%s %s is shown as %s", (amount, currency, shown) => {
    expect(shownAmount(amount, currency)).toBe(shown);
  });

  it("no digit is lost or made up", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 30n }),
        fc.integer({ min: 0, max: 8 }),
        (digits, places) => {
          const text = digits.toString().padStart(places + 1, "0");
          const amount = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
          const shown = shownAmount(amount, "EUR").replaceAll(",", "");
          expect(shown.replace(/0+$/, "")).toBe(
            amount.includes(".") ? amount.replace(/0+$/, "") : `${amount}.`,
          );
        },
      ),
    );
  });

  it("a quantity has no more decimals than it needs", () => {
    expect(["40", "1000.50", "0.3300"].map(shownQuantity)).toEqual(["40", "1,000.5", "0.33"]);
  });

  it("a day and a moment read the same everywhere", () => {
    expect(shownDay("2026-12-31T23:30:00-05:00")).toBe("1 January 2027");
    expect(shownMoment("2026-12-27T14:05:59.999Z")).toBe("27 December 2026, 14:05 UTC");
  });
});

describe("the document: it promises that…", () => {
  it("a line shows its product, quantity, price, what it was and its total", async () => {
    const rows = rowsOf(await htmlOf(documentedQuote(3)));
    expect(rows[1]).toBe("1 Road-150 Red, 62 SKU-1 7 EA 1,100.44 1,250.50 −12.00 % 7,703.08");
    expect(rows[3]).toBe(
      "3 Sport-100 Helmet, Red SKU-3 21 EA 0.00425 per 1,000 EA 1,250.50 −12.00 % 7,703.08",
    );
  });

  it("alternatives stand below their line", async () => {
    const rows = rowsOf(await htmlOf(documentedQuote(4)));
    expect(rows[5]).toContain("or Patch Kit/8 Patches SKU-4-1 1,000.5 BOX");
  });

  it("whatever a text holds stays text", async () => {
    const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>&{{}}</style>`;
    const quote = documentedQuote(2, { customerName: evil, customer: evil });
    const [line] = quote.revision.lines;
    if (line === undefined) throw new Error("There are lines");
    const lines = [{ ...line, note: evil, own: { ...line.own, name: evil, sku: evil, unit: evil } }];
    const terms = {
      ...quote.revision.terms,
      note: evil,
      paymentTerms: evil,
      purchaseOrder: evil,
      contacts: [{ name: evil, email: evil, phone: evil }],
      attachments: [{ name: evil, url: evil }],
    };
    const company = { name: evil, address: [evil], contact: evil, taxId: evil, terms: evil };
    const html = await htmlOf({
      ...quote,
      revision: { ...quote.revision, lines, terms },
      letterhead: company,
    });
    const tags = [...html.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, tag]) => tag);
    expect(tags).not.toContain("script");
    expect(tags).not.toContain("img");
    expect(tags.filter((tag) => tag === "style")).toHaveLength(2);
    expect(html.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(15);
  });

  it("an offer that does not stand says so", async () => {
    const says = async (status: Documented["status"]) =>
      /class="standing[^"]*">\s*([^<]*?)\s*</s.exec(await htmlOf(documentedQuote(1, { status })))?.[1];
    expect(await says("sent")).toBeUndefined();
    expect(await says("expired")).toBe("This offer has expired and is not binding any more.");
    for (const status of [
      "draft",
      "requested",
      "in_review",
      "awaiting_approval",
      "approved",
      "rejected",
    ] as const) {
      expect([status, await says(status)]).toEqual([status, "A draft. This is not a binding offer."]);
    }
    for (const status of ["declined", "withdrawn"] as const) {
      expect(await says(status)).toBe(`This quote was ${status} and is not binding.`);
    }
  });

  it("what was accepted has the total of what was picked, to the last digit", async () => {
    const quote = documentedQuote(4);
    const lines = quote.revision.lines.map((line) => ({
      ...line,
      own: { ...line.own, lineTotal: "0.10" },
      alternatives: line.alternatives.map((item) => ({ ...item, lineTotal: "12345678901234567890.20" })),
    }));
    const html = await htmlOf({
      ...quote,
      status: "accepted",
      revision: { ...quote.revision, lines },
      acceptance: { at: "2026-12-01T10:00:00Z", picks: { "4": "1" }, contentHash: "h", order: "o" },
    });
    expect(html).toContain("USD 12,345,678,901,234,567,890.50");
    expect(html).toContain("Accepted on 1 December 2026, 10:00 UTC.");
    expect(html.match(/class="own not-taken"/g)).toHaveLength(1);
  });

  it("a page without an address or terms has no empty places", async () => {
    const quote = documentedQuote(1);
    const terms = { contacts: [], attachments: [] };
    const html = await htmlOf({
      ...quote,
      revision: { ...quote.revision, terms },
      letterhead: { name: "", address: [] },
    });
    expect(html).not.toMatch(/undefined|null|<h2>(Note|Terms|Attachments)/);
  });
});

describe("the document's style: it promises that…", () => {
  it("what the policy has the hash of is what stands in the page, to the letter", async () => {
    const { page, style } = documentPage(documentedQuote(3), "A4");
    const html = String(await page);
    expect([...html.matchAll(/<style>(.*?)<\/style>/gs)].map(([, text]) => text)).toEqual([style]);
  });
});
