import { exact } from "../../shared/pricing/arithmetic.ts";
import type { Fraction } from "../../shared/pricing/fraction.ts";
import { parseInstant, type Instant } from "../../shared/pricing/instant.ts";
import type { Assessment } from "../../shared/quoting/approval.ts";
import type { AssessQuestion } from "../../shared/quoting/desk.ts";
import { amountText, percentText } from "./figures.ts";
import { loadDesk, type Desk } from "./load-desk.ts";
import { marginOfOwn, marginsByItem, offerFacts } from "./offer-facts.ts";
import { priceAges } from "./price-ages.ts";
import { tiersOf } from "./tiers-of.ts";

/** What an offer needs to be approved, and its margins. Of costs nothing else leaves here. */
export async function assess(catalog: D1Database, question: AssessQuestion): Promise<Assessment> {
  const at = parseInstant(question.at);
  if (at === undefined) throw new RangeError(`Cannot assess an offer at ${JSON.stringify(question.at)}`);
  const desk = await loadDesk(catalog, question);
  const ages = asksAges(desk) ? await priceAges(catalog, pricesOf(question, at)) : [];
  return assessed(question, { at, desk, ages });
}

/** The whole decision, of plain records. */
export function assessed(
  question: AssessQuestion,
  {
    at,
    desk,
    ages,
  }: { readonly at: Instant; readonly desk: Desk; readonly ages: readonly (number | undefined)[] },
): Assessment {
  const { currency, lines, sequence, paymentTerms = desk.paymentTerms } = question;
  const context = { ...desk, currency, at, priceAges: ages, paymentTerms };
  const facts = offerFacts(lines, context);
  return {
    sequence,
    tiers: tiersOf(facts, { ...desk, at }),
    margin: {
      total: percentOrNull(marginOfOwn(lines, context)),
      lines: Object.fromEntries(
        marginsByItem(facts.items).map(([name, margin]) => [name, percentOrNull(margin)]),
      ),
    },
    referenceTotal: referenceTotal(facts.total, currency, { desk, at }),
    discountPercent: facts.discount === undefined ? null : percentText(facts.discount, "up"),
  };
}

/** Rounded up, so that no limit is passed by less than a cent. */
function referenceTotal(
  total: Fraction,
  currency: string,
  { desk, at }: { readonly desk: Desk; readonly at: Instant },
): Assessment["referenceTotal"] {
  const reference = desk.profile?.referenceCurrency ?? currency;
  const converted = desk.rates.convert(total, currency, reference, at, exact);
  if (converted === undefined) return null;
  return { amount: amountText(converted, reference, "up"), currency: reference };
}

function asksAges({ policies }: Desk): boolean {
  return policies.some(({ when }) => when.priceOlderThanDays !== undefined);
}

function pricesOf({ sequence, customer, channel, currency, lines }: AssessQuestion, at: Instant) {
  return { sequence, customer, channel, currency, at, lines };
}

function percentOrNull(value: Fraction | undefined): string | null {
  return value === undefined ? null : percentText(value);
}
