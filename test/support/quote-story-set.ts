import { plainLineTotal } from "../../shared/pricing/line-total.ts";
import type { Actor } from "../../shared/quoting/actor.ts";
import type { PricedSet } from "../../shared/quoting/command.ts";
import type { ListedPrice, QuoteItem, QuoteLine } from "../../shared/quoting/line.ts";
import { pricedItem } from "../../shared/quoting/priced-item.ts";
import { currentRevision, type Terms } from "../../shared/quoting/quote.ts";
import { eachItem } from "../../shared/quoting/revision.ts";
import { shownRevisions } from "../../shared/quoting/shown-revision.ts";
import type { QuoteWorld } from "./quote-world.ts";
import type { Words } from "./scenario-words.ts";

const money = { currency: "EUR", lineRounding: { mode: "half-up" } } as const;

/** Lines as a story says them, priced by what it says of prices; a new price is another snapshot. */
export class StorySet {
  readonly #world: QuoteWorld;
  readonly #prices = new Map<string, { readonly unitPrice: string; readonly per: string }>();
  #sequence = 1;

  constructor(world: QuoteWorld) {
    this.#world = world;
  }

  price(words: Words): undefined {
    const sku = words.next();
    const unitPrice = words.next();
    const { per = "1" } = words.options({ per: 1 });
    this.#prices.set(sku, { unitPrice, per });
    this.#sequence++;
  }

  /** `40 BIKE asking 88.00 at 90.00 or 100 BIKE at 85.00, 2 HELMET until 2026-07-01T00:00:00Z`. */
  parse(words: Words, actor: Actor): PricedSet {
    const lines: (Omit<QuoteLine, "own"> & { own?: QuoteItem; alternatives: QuoteItem[] })[] = [];
    let [comma, terms]: [boolean, Terms] = [true, this.#terms(actor)];
    while (!words.isAtEnd) {
      if (words.option("until")) terms = { ...terms, validUntil: words.next() };
      else if (words.option("po")) terms = { ...terms, purchaseOrder: words.next() };
      else if (words.option("noting")) terms = { ...terms, note: words.next() };
      else {
        const isAlternative = words.option("or");
        if (!isAlternative && comma) lines.push({ line: String(lines.length + 1), alternatives: [] });
        const line = lines.at(-1);
        if (line === undefined) throw new SyntaxError("an alternative needs a line");
        const [item, isLast] = this.#item(words, line.own === undefined ? 0 : line.alternatives.length + 1);
        if (line.own === undefined) line.own = item;
        else line.alternatives.push(item);
        comma = isLast;
      }
    }
    return {
      lines: lines.flatMap(({ own, ...line }) => (own === undefined ? [] : [{ ...line, own }])),
      terms,
      pin: this.#pin(),
    };
  }

  /** The lines that the actor sees, by the prices that are listed now. */
  repriced(actor: Actor): PricedSet {
    const seen =
      actor.party === "buyer"
        ? (shownRevisions(this.#world.quote).at(-1) ?? currentRevision(this.#world.quote))
        : currentRevision(this.#world.quote);
    const lines = eachItem(seen.lines, (item) =>
      pricedItem({ ...item, listed: this.#listed(item.sku, item.quantity) }, money),
    );
    return { lines, terms: seen.terms, pin: this.#pin() };
  }

  #item(words: Words, index: number): [QuoteItem, isLast: boolean] {
    const [quantity, sku] = [words.next(), words.next()];
    const bare = sku.replace(/,$/, "");
    let isLast = bare !== sku;
    const price = (word: string): string | undefined => {
      if (isLast || !words.option(word)) return undefined;
      const text = words.next();
      isLast = text.endsWith(",");
      return text.replace(/,$/, "");
    };
    const [requestedPrice, offeredPrice] = [price("asking"), price("at")];
    const item = pricedItem(
      {
        item: String(index),
        sku: bare,
        name: bare,
        quantity,
        unit: "EA",
        listed: this.#listed(bare, quantity),
        ...(requestedPrice === undefined ? {} : { requestedPrice }),
        ...(offeredPrice === undefined ? {} : { offeredPrice }),
      },
      money,
    );
    return [item, isLast];
  }

  #listed(sku: string, quantity: string): ListedPrice {
    const price = this.#prices.get(sku);
    if (price === undefined) return { unavailable: "no_price" };
    return {
      unit: "EA",
      ...price,
      lineTotal: plainLineTotal(price, quantity, money.currency, money.lineRounding),
    };
  }

  #terms(actor: Actor): Terms {
    if (this.#world.log.length === 0) return { contacts: [], attachments: [] };
    const { quote } = this.#world;
    const seen = actor.party === "buyer" ? shownRevisions(quote).at(-1) : currentRevision(quote);
    return (seen ?? currentRevision(quote)).terms;
  }

  #pin() {
    const { lineRounding } = money;
    return {
      snapshot: `S-${this.#sequence}`,
      sequence: this.#sequence,
      at: this.#world.at,
      lineRounding,
    };
  }
}
