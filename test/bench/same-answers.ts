import assert from "node:assert/strict";
import type { Basket } from "./shop.ts";

/** Asks for a basket's prices over HTTP. */
export type AskPrices = (basket: Basket) => Promise<Record<string, unknown>>;

/** Asks a server by POST. */
export function askAt(port: number, path: string, headers: Readonly<Record<string, string>> = {}): AskPrices {
  return async (basket) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(basket),
    });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return JSON.parse(text) as Record<string, unknown>; // As every server here answers.
  };
}

/** @throws unless all answer these baskets alike, but for when and where an answer is from */
export async function checkSameAnswers(
  baskets: readonly Basket[],
  edge: AskPrices,
  others: Readonly<Record<string, AskPrices>>,
): Promise<void> {
  for (const basket of baskets) {
    const { snapshot: _, token: __, at: ___, ...expected } = await edge(basket);
    for (const [name, ask] of Object.entries(others)) {
      const { at: _, ...answer } = await ask(basket);
      assert.deepEqual(answer, expected, `${name} answers something else`);
    }
  }
}
