import { createServer, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Paper } from "../../workers/quotes/document/style.ts";
import { documentPage } from "../../workers/quotes/document/document.ts";
import { documentPolicy } from "../../workers/quotes/document/policy.ts";
import { documentedQuote } from "../support/documented-quote.ts";
import { print, type Printed } from "./chromium/printer.ts";

/** The document of a quote in a real browser: what comes out of the printer. */

let server: Server;
const asked: string[] = [];
// A browser takes a while to start, so each page is printed once.
const printed = new Map<string, Printed>();

beforeAll(async () => {
  server = createServer((request, response) => {
    void respond(request.url ?? "/", response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A TCP server has a port");
  for (const path of ["/4/A4", "/12/A4", "/13/A4", "/14/A4", "/120/A4", "/120/letter"]) {
    printed.set(path, await print(`http://127.0.0.1:${address.port}${path}`));
  }
}, 300_000);
afterAll(() => server.close());

async function respond(path: string, response: ServerResponse): Promise<void> {
  const { status, headers, body } = await answer(path);
  response.writeHead(status, headers);
  response.end(body);
}

/** `/<lines>/<paper>` as the edge would answer it. */
async function answer(path: string) {
  asked.push(path);
  const [, lines, paper] = /^\/(\d+)\/(A4|letter)$/.exec(path) ?? [];
  if (lines === undefined) return { status: 404, headers: {}, body: "" };
  const { page, style } = documentPage(documentedQuote(Number(lines)), paper as Paper); // By the pattern.
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": documentPolicy(style),
  };
  return { status: 200, headers, body: String(await page) };
}

function printedAt(path: string): Printed {
  const found = printed.get(path);
  if (found === undefined) throw new Error(`${path} was not printed`);
  return found;
}

const numbersIn = (page: string) =>
  [...page.matchAll(/^ {0,3}(\d+) {2,}\S/gm)].map(([, number]) => Number(number));

describe("a printed quote: it promises that…", () => {
  it("a short one is one page with all that a buyer looks for", () => {
    const { pages, size } = printedAt("/4/A4");
    expect(size.map(Math.round)).toEqual([595, 842]);
    expect(pages).toHaveLength(1);
    for (const text of [
      "Quotation",
      "Adventure Works Cycles",
      "98011 Bothell, WA",
      "Aerobic Exercise Company & Söhne <GmbH>",
      "27 November 2026",
      "27 December 2026, 14:00 UTC",
      "30 days net",
      "PO-2026-118",
      "USD 1,234,567,890,123,456.78",
      "Prices include delivery",
      "Goods remain our property",
      "Accepted for",
      "Page 1 of 1",
    ]) {
      expect(pages[0]).toContain(text);
    }
  });

  it.each([
    ["A4", [595, 842]],
    ["letter", [612, 792]],
  ] as const)(
    "a long one on %s has every line once, and heads and numbers on each page",
    (paper, dimensions) => {
      const { pages, size } = printedAt(`/120/${paper}`);
      expect(size.map(Math.round)).toEqual(dimensions);
      expect(pages.length).toBeGreaterThan(5);
      expect(pages.flatMap(numbersIn)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
      for (const [index, page] of pages.entries()) {
        expect(page).toContain(`Page ${index + 1} of ${pages.length}`);
        expect(page).toContain("Quote Tn3xVbq0S5eWcYh2kLm9Pg");
        if (numbersIn(page).length > 0)
          expect(page).toMatch(/No\. +Product +Quantity +Price, USD +Total, USD/);
      }
    },
  );

  it("no row is torn: where a line begins, its prices and its note are too", () => {
    for (const page of printedAt("/120/A4").pages) {
      const begun = numbersIn(page);
      const noted = begun.filter((number) => number % 6 === 2).length;
      const alternatives = page.match(/^ +or /gm)?.length ?? 0;
      expect(page.match(/7,703\.08/g)?.length ?? 0).toBe(begun.length + alternatives);
      expect(page.match(/Delivered in two parts/g)?.length ?? 0).toBe(noted);
      expect(page.match(/The second one in May/g)?.length ?? 0).toBe(noted);
    }
  });

  it.each([12, 13, 14])("with %i lines, the total stands on a page with lines", (lines) => {
    const page = printedAt(`/${lines}/A4`).pages.find((text) => text.includes("Total, net of taxes")) ?? "";
    expect(numbersIn(page).length).toBeGreaterThan(0);
  });

  it("it asks nobody for anything, and its policy forbids nothing that it needs", () => {
    for (const { console } of printed.values())
      expect(console).not.toMatch(/Content.Security.Policy|Refused to/i);
    expect(asked.filter((path) => !printed.has(path) && path !== "/favicon.ico")).toEqual([]);
  });
});
