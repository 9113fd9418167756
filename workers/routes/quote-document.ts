import * as z from "zod";
import type { Plane } from "../../shared/api/plane.ts";
import { viewFor } from "../../shared/quoting/view.ts";
import type { EdgeEnv } from "../env.ts";
import { documentPage } from "../quotes/document/document.ts";
import { documentPolicy } from "../quotes/document/policy.ts";
import { papers } from "../quotes/document/style.ts";
import { askDesk } from "../quotes/quote-desk.ts";
import { audienceOf, everyParty, noSuchQuote, ownQuote } from "./quote-callers.ts";
import { quoteParams } from "./quote-shapes.ts";

export function addQuoteDocumentRoutes(plane: Plane<EdgeEnv>): void {
  plane.route(
    {
      method: "get",
      path: "/v1/quotes/{id}/document",
      summary: "A quote as a page to print",
      description:
        "HTML for paper: the newest revision that the caller may see, with the company's name and address from the record " +
        "`company`. It has no scripts and asks nobody for anything.",
      tags: ["Quotes"],
      roles: everyParty,
      params: quoteParams,
      query: z.strictObject({ paper: z.enum(papers).default("A4") }),
      responses: { 200: { description: "The page", contentType: "text/html" } },
    },
    async ({ params, query, caller, c }) => {
      const quote = ownQuote(caller, await c.env.QUOTES.getByName(params.id).read());
      const view = viewFor(audienceOf(caller), quote);
      if (view === undefined) throw noSuchQuote();
      const { sequence } = view.revision.pin;
      const described = await askDesk(c.env.DESK, (desk) =>
        desk.describe({ sequence, customer: quote.customer, skus: [] }),
      );
      const letterhead = described?.company ?? { name: "", address: [] };
      const { page, style } = documentPage({ ...view, letterhead }, query.paper);
      return c.html(page, 200, {
        "Content-Security-Policy": documentPolicy(style),
        "Referrer-Policy": "no-referrer",
        "Content-Disposition": `inline; filename="quote-${quote.id}.html"`,
      });
    },
  );
}
