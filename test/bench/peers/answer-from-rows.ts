import { serve } from "@hono/node-server";
import { Hono } from "hono";
import type { AddressInfo } from "node:net";
import { naiveAnswer, readyProduct, type NaivePrices, type ReadyProduct } from "../edge-worker/naive.ts";
import { listOf, type Basket } from "../shop.ts";

/** A tier's price, as a row of a well-indexed table has it. */
export interface PriceRow {
  readonly list: number;
  readonly sku: string;
  readonly from_quantity: number;
  readonly unit: string;
  readonly unit_price: string;
}

export function* rowsOf({ lists }: NaivePrices): Generator<PriceRow> {
  for (const [list, products] of lists.entries()) {
    for (const [sku, { unit, tiers }] of Object.entries(products)) {
      for (const { from, unitPrice } of tiers) {
        yield { list, sku, from_quantity: Number(from), unit, unit_price: unitPrice };
      }
    }
  }
}

type Found = Pick<PriceRow, "from_quantity" | "unit" | "unit_price">;

/** Finds a product's rows in a list, by quantity. */
export type FindRows = (list: number, sku: string) => readonly Found[] | Promise<readonly Found[]>;

/**
 * Serves prices as a shop's own backend would, with a query a line; neither caller nor question is checked. Tells the
 * parent process its port.
 */
export function serveFrom(findRows: FindRows, currency: string): void {
  const app = new Hono();
  app.post("/prices", async (c) => {
    const basket = await c.req.json<Basket>();
    const list = listOf(basket.customer);
    const products = new Map<string, ReadyProduct>();
    const asked = basket.lines.map(async ({ sku }) => {
      const rows = findRows(list, sku);
      products.set(sku, productOf(rows instanceof Promise ? await rows : rows));
    });
    await Promise.all(asked);
    return c.json(naiveAnswer(basket, currency, (_, sku) => products.get(sku)) as object);
  });
  const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }: AddressInfo) =>
    process.send?.(port),
  );
  process.on("disconnect", () => {
    server.close();
    process.exit();
  });
}

function productOf(rows: readonly Found[]): ReadyProduct {
  const tiers = rows.map((row) => ({ from: String(row.from_quantity), unitPrice: row.unit_price }));
  return readyProduct({ unit: rows[0]?.unit ?? "", tiers });
}
