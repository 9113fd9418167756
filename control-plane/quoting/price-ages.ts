import { basePrice, type Point } from "../../shared/pricing/base-price.ts";
import type { ExplainQuestion } from "../../shared/pricing/considered.ts";
import type { Instant } from "../../shared/pricing/instant.ts";
import { loadPoints } from "../explain/load-points.ts";
import { readStandingSince, type StandingSince } from "../queries/read-standing-since.ts";

/** The record of a line's base price. */
type Source = Pick<StandingSince, "type" | "id"> & { /** Of a price's own dates. */ readonly from: Instant };

/**
 * How old the price is that each line's customer price is made from, in milliseconds at the question's instant;
 * undefined where there is none. Rules that come off it have no part in its age.
 */
export async function priceAges(
  catalog: D1Database,
  question: ExplainQuestion,
): Promise<readonly (number | undefined)[]> {
  const points = await loadPoints(catalog, question);
  const sources = points.map((point) => (point === undefined ? undefined : sourceOf(point)));
  const idsOf = (type: Source["type"]) => [
    ...new Set(sources.flatMap((source) => (source?.type === type ? [source.id] : []))),
  ];
  const standing = await readStandingSince(catalog, {
    sequence: question.sequence,
    prices: idsOf("price"),
    products: idsOf("product"),
  });
  return sources.map((source) => {
    const since = standing.find(({ type, id }) => type === source?.type && id === source.id);
    return source === undefined || since === undefined ? undefined : ageOf(source, since, question.at);
  });
}

function sourceOf(point: Point): Source | undefined {
  const base = basePrice(point);
  if (base === undefined || "unavailable" in base) return undefined;
  const { candidate } = base;
  return candidate === undefined
    ? { type: "product", id: point.contenders.product.id, from: -Infinity }
    : { type: "price", id: candidate.price.id, from: candidate.period.from };
}

/**
 * A price that was changed is as old as the change, or begins with its own `from` if that is later. One that was never
 * changed since it first came in is as old as its `from` says, which the ERP knows better than we do.
 */
export function ageOf(
  { from }: Pick<Source, "from">,
  { at, isFirst }: Pick<StandingSince, "at" | "isFirst">,
  now: Instant,
): number {
  const start = isFirst && from > -Infinity ? from : Math.max(from, at);
  return Math.max(now - start, 0);
}
