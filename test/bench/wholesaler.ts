/** How large a made-up wholesaler is. Everything in it follows from these numbers, so runs can be compared. */
export interface Size {
  readonly products: number;
  readonly lists: number;
  readonly customers: number;
}

/** The company as NDJSON: a price of every product in every list. */
export function wholesalerFeed({ products, lists, customers }: Size): string {
  const lines: object[] = [];
  const categories = 20;
  for (let index = 0; index < categories; index++) lines.push({ type: "category", id: `c${index}` });
  for (let index = 0; index < products; index++) {
    const listPrice = { amount: "100.00", currency: "EUR" };
    lines.push({
      type: "product",
      id: skuOf(index),
      name: `Product ${index}`,
      unit: "EA",
      category: `c${index % categories}`,
      listPrice,
    });
  }
  for (let index = 0; index < lists; index++)
    lines.push({ type: "priceList", id: `l${index}`, currency: "EUR" });
  for (let index = 0; index < customers; index++) {
    lines.push({
      type: "customer",
      id: customerOf(index),
      name: `Customer ${index}`,
      lists: [`l${index % lists}`],
    });
  }
  for (let index = 0; index < 5; index++) {
    const what = { categories: [`c${index}`] };
    lines.push({ type: "rule", id: `r${index}`, rank: index, what, effect: { percentOff: "5" } });
  }
  for (let list = 0; list < lists; list++) {
    for (let index = 0; index < products; index++)
      lines.push(listPrice(list, index, (list * 7 + index * 13) % 9000));
  }
  return `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
}

export function listPrice(list: number, product: number, cents: number): object {
  const amount = `${10 + Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
  const id = `l${list}-${skuOf(product)}`;
  return { type: "price", id, list: `l${list}`, sku: skuOf(product), currency: "EUR", amount };
}

export function skuOf(index: number): string {
  return `S${String(index).padStart(6, "0")}`;
}

export function customerOf(index: number): string {
  return `C${index}`;
}
