import { minorUnitOf } from "./currency.ts";
import { add, compare, divide, multiply, parseDecimal, subtract, isMultipleOf, zero, one, hundred, type Fraction } from "./fraction.ts";
import type { Instant } from "./instant.ts";
import { isInForce, periodOf } from "./period.ts";
import type { Answer, Question, Step } from "./question.ts";
import type { Attributes, Customer, Policy, Price, PriceList, PricingRecord, Product, Rule, What, Who } from "./records.ts";
import { formatDecimal, round } from "./rounding.ts";

/** The price by README.md, read from the records one rule at a time: slow, for comparing with. */
export function referencePrice(records: readonly PricingRecord[], question: Question): Answer {
  const find = <T extends PricingRecord["type"]>(type: T, id: string | undefined) =>
    records.find((r): r is Extract<PricingRecord, { type: T }> => r.type === type && r.id === id);
  const all = <T extends PricingRecord["type"]>(type: T) =>
    records.filter((r): r is Extract<PricingRecord, { type: T }> => r.type === type);

  const policyRecord: Policy = find("policy", "default") ?? { type: "policy", id: "default" };
  const zone = policyRecord.timeZone ?? "UTC";
  const inForce = (dates: { from?: string | undefined; until?: string | undefined }) => isInForce(periodOf(dates, zone), question.at as Instant);

  const customer = find("customer", question.customer);
  if (customer === undefined) return { unavailable: "unknown_customer" };
  if (customer.status === "blocked") return { unavailable: "customer_blocked" };
  const product = find("product", question.sku);
  if (product === undefined) return { unavailable: "unknown_sku" };
  if (product.status === "discontinued") return { unavailable: "discontinued" };
  const factorOf = (unit: string | undefined): Fraction | undefined => {
    if (unit === undefined || unit === product.unit) return one;
    const other = product.units?.find((u) => u.unit === unit);
    return other === undefined ? undefined : parseDecimal(other.factor);
  };
  const unit = question.unit ?? product.unit;
  const factor = factorOf(unit);
  if (factor === undefined) return { unavailable: "unit_unknown" };
  const quantity = multiply(parseDecimal(question.quantity), factor);
  if (product.minQuantity !== undefined && compare(quantity, parseDecimal(product.minQuantity)) < 0) return { unavailable: "below_minimum" };
  if (product.multiple !== undefined && !isMultipleOf(quantity, parseDecimal(product.multiple))) return { unavailable: "not_a_multiple" };

  // Who the customer is.
  const accounts: string[] = [];
  for (let c: Customer | undefined = customer; c !== undefined && !accounts.includes(c.id); c = find("customer", c.parent)) accounts.push(c.id);
  const groups: string[] = [];
  for (const g of customer.groups ?? []) {
    const seen: string[] = [];
    for (let x = find("customerGroup", g); x !== undefined && !seen.includes(x.id); x = find("customerGroup", x.parent)) {
      seen.push(x.id);
      if (!groups.includes(x.id)) groups.push(x.id);
    }
  }
  const values = (a: Attributes | undefined, key: string): readonly string[] | undefined => {
    if (a === undefined || !Object.hasOwn(a, key)) return undefined;
    const v = a[key];
    return v === undefined ? undefined : typeof v === "string" ? [v] : v;
  };
  const attribute = (key: string): readonly string[] => {
    const own = values(customer.attributes, key);
    if (own !== undefined) return own;
    for (const g of groups) {
      const v = values(find("customerGroup", g)?.attributes, key);
      if (v !== undefined) return v;
    }
    return [];
  };
  const anyOf = (wanted: readonly string[], have: readonly string[]) => wanted.some((w) => have.includes(w));
  const whoMatches = (who: Who | undefined): boolean =>
    who === undefined ||
    ((who.customers === undefined || anyOf(who.customers, accounts)) &&
      (who.groups === undefined || anyOf(who.groups, groups)) &&
      (who.channels === undefined || (question.channel !== undefined && who.channels.includes(question.channel))) &&
      Object.keys(who.attributes ?? {}).every((k) => anyOf(values(who.attributes, k) ?? [], attribute(k))));
  const categories: string[] = [];
  for (let c = find("category", product.category); c !== undefined && !categories.includes(c.id); c = find("category", c.parent)) categories.push(c.id);
  const whatMatches = (what: What | undefined): boolean =>
    what === undefined ||
    ((what.skus === undefined || what.skus.includes(product.id)) &&
      (what.categories === undefined || anyOf(what.categories, categories)) &&
      (what.brands === undefined || (product.brand !== undefined && what.brands.includes(product.brand))) &&
      Object.keys(what.attributes ?? {}).every((k) => anyOf(values(what.attributes, k) ?? [], values(product.attributes, k) ?? [])));
  const lists: PriceList[] = [];
  let level: (string | undefined)[] = [...(customer.lists ?? []), ...groups.flatMap((g) => find("customerGroup", g)?.lists ?? [])];
  while (level.length > 0) {
    const added: PriceList[] = [];
    for (const id of level) {
      const list = find("priceList", id);
      if (list === undefined || !whoMatches(list.who) || lists.includes(list)) continue;
      lists.push(list);
      added.push(list);
    }
    level = added.map((l) => l.parent);
  }

  const inBand = (r: { minQuantity?: string | undefined; maxQuantity?: string | undefined }, f: Fraction) =>
    (r.minQuantity === undefined || compare(quantity, multiply(parseDecimal(r.minQuantity), f)) >= 0) &&
    (r.maxQuantity === undefined || compare(quantity, multiply(parseDecimal(r.maxQuantity), f)) <= 0);

  // The base price.
  const fits = (p: Price): boolean => {
    const f = factorOf(p.unit);
    return p.sku === product.id && p.currency === question.currency && inForce(p) && whoMatches(p.who) && f !== undefined && inBand(p, f);
  };
  const minOf = (p: Price) => (p.minQuantity === undefined ? zero : multiply(parseDecimal(p.minQuantity), factorOf(p.unit) ?? one));
  const better = (a: Price, b: Price): boolean => {
    const askedA = (a.unit ?? product.unit) === unit;
    const askedB = (b.unit ?? product.unit) === unit;
    if (askedA !== askedB) return askedA;
    const min = compare(minOf(a), minOf(b));
    if (min !== 0) return min > 0;
    const [pa, pb] = [periodOf(a, zone), periodOf(b, zone)];
    const [wa, wb] = [pa.until - pa.from, pb.until - pb.from];
    if (wa !== wb) return wa < wb;
    if (pa.from !== pb.from) return pa.from > pb.from;
    return a.id < b.id;
  };
  const best = (of: (p: Price) => boolean): Price | undefined => {
    let found: Price | undefined;
    for (const p of all("price")) if (of(p) && fits(p) && (found === undefined || better(p, found))) found = p;
    return found;
  };
  const sources: ((p: Price) => boolean)[] = [];
  for (const scope of policyRecord.precedence ?? ["customer", "group", "list", "everyone"]) {
    if (scope === "customer") for (const a of accounts) sources.push((p) => p.customer === a);
    if (scope === "group") for (const g of groups) sources.push((p) => p.group === g);
    if (scope === "list") for (const l of lists) if (inForce(l)) sources.push((p) => p.list === l.id);
    if (scope === "everyone") sources.push((p) => p.customer === undefined && p.group === undefined && p.list === undefined);
  }
  type Running = { perBase: Fraction; per: string };
  let base: (Running & { steps: { step: Step["step"]; record?: string; perBase: Fraction }[]; allowDiscount: boolean }) | undefined;
  for (const source of sources) {
    const price = best(source);
    if (price === undefined) continue;
    const gross = divide(parseDecimal(price.amount), multiply(parseDecimal(price.per ?? "1"), factorOf(price.unit) ?? one));
    const steps: { step: Step["step"]; record?: string; perBase: Fraction }[] = [{ step: "price", record: `price/${price.id}`, perBase: gross }];
    let net = gross;
    if (price.list !== undefined && find("priceList", price.list)?.taxIncluded === true) {
      if (product.taxes === undefined) return { unavailable: "tax_unknown" };
      const replace = find("taxRule", customer.taxRule)?.replace ?? [];
      const taxes: string[] = [];
      for (const t of product.taxes) {
        const entry = replace.find((e) => e.from === t);
        if (entry === undefined) taxes.push(t);
        else if (entry.to !== undefined) taxes.push(entry.to);
      }
      for (const e of replace) if (e.from === undefined && e.to !== undefined) taxes.push(e.to);
      let percent = zero;
      for (const t of taxes) {
        const tax = find("tax", t);
        if (tax !== undefined && inForce(tax)) percent = add(percent, parseDecimal(tax.percent));
      }
      net = divide(gross, add(one, divide(percent, hundred)));
      steps.push({ step: "tax", perBase: net });
    }
    const candidate = { perBase: net, per: price.per ?? "1", steps, allowDiscount: price.allowDiscount ?? true };
    if (base === undefined || compare(candidate.perBase, base.perBase) < 0) base = candidate;
    if ((policyRecord.choose ?? "first") === "first") break;
  }
  if (base === undefined && (policyRecord.fallback ?? "listPrice") === "listPrice" && product.listPrice?.currency === question.currency) {
    const perBase = divide(parseDecimal(product.listPrice.amount), parseDecimal(product.listPrice.per ?? "1"));
    base = { perBase, per: product.listPrice.per ?? "1", steps: [{ step: "listPrice", record: `product/${product.id}`, perBase }], allowDiscount: true };
  }

  // The rules.
  const matching = all("rule")
    .filter((r) => {
      const f = factorOf(r.unit);
      return (
        f !== undefined && inForce(r) && whoMatches(r.who) && whatMatches(r.what) && inBand(r, f) &&
        (r.list === undefined || lists.some((l) => l.id === r.list && inForce(l))) &&
        (r.currency === undefined || r.currency === question.currency) &&
        (!("currency" in r.effect) || r.effect.currency === question.currency) &&
        (base !== undefined || "price" in r.effect) &&
        base?.allowDiscount !== false
      );
    })
    .sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
  const apply = (r: Rule, to: Running | undefined): Running => {
    const f = factorOf(r.unit) ?? one;
    const e = r.effect;
    if ("price" in e) return { perBase: divide(parseDecimal(e.price), multiply(parseDecimal(e.per ?? "1"), f)), per: e.per ?? "1" };
    if (to === undefined) throw new Error("A discount needs a price");
    if ("amountOff" in e) return { ...to, perBase: subtract(to.perBase, divide(parseDecimal(e.amountOff), f)) };
    const percent = parseDecimal("percentOff" in e ? e.percentOff : e.percentMarkup);
    const part = multiply(to.perBase, divide(percent, hundred));
    return { ...to, perBase: "percentOff" in e ? subtract(to.perBase, part) : add(to.perBase, part) };
  };
  let running: Running | undefined = base;
  const applied: { record: string; perBase: Fraction }[] = [];
  const how = policyRecord.rules ?? "first";
  if (how === "stack") {
    for (const r of matching) {
      running = apply(r, running);
      applied.push({ record: `rule/${r.id}`, perBase: running.perBase });
      if (r.exclusive === true) break;
    }
  } else {
    const results = (how === "first" ? matching.slice(0, 1) : matching).map((r) => ({ r, result: apply(r, base) }));
    let chosen = results[0];
    for (const x of results) if (chosen !== undefined && compare(x.result.perBase, chosen.result.perBase) < 0) chosen = x;
    if (chosen !== undefined) {
      running = chosen.result;
      applied.push({ record: `rule/${chosen.r.id}`, perBase: chosen.result.perBase });
    }
  }
  if (running === undefined) return { unavailable: "no_price" };
  if (compare(running.perBase, zero) < 0) return { unavailable: "negative_result" };

  // Rounding.
  const minor = minorUnitOf(question.currency);
  const { places, mode } = policyRecord.rounding?.unitPrice ?? { places: 4, mode: "half-up" as const };
  const forAnswer = (perBase: Fraction) => multiply(perBase, multiply(factor, parseDecimal(running.per)));
  const exact = forAnswer(running.perBase);
  const unitPrice = formatDecimal(round(exact, places, mode), places, minor);
  const text = (perBase: Fraction) => formatDecimal(round(forAnswer(perBase), 8, "half-up"), 8, minor);
  const explanation: Step[] = [
    ...(base?.steps ?? []).map(({ step, record, perBase }) => ({ step, ...(record === undefined ? {} : { record }), amount: text(perBase) })),
    ...applied.map(({ record, perBase }) => ({ step: "rule" as const, record, amount: text(perBase) })),
  ];
  if (compare(exact, parseDecimal(unitPrice)) !== 0) explanation.push({ step: "rounding", amount: unitPrice });
  const line = divide(multiply(parseDecimal(unitPrice), parseDecimal(question.quantity)), parseDecimal(running.per));
  return {
    unit,
    unitPrice,
    per: running.per.includes(".") ? running.per.replace(/\.?0+$/, "") : running.per,
    lineTotal: formatDecimal(round(line, minor, policyRecord.rounding?.line?.mode ?? "half-up"), minor, minor),
    explanation,
  };
}
