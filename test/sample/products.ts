import type { Attributes, Product } from "../../shared/pricing/records.ts";
import { subcategoryIds } from "./categories.ts";
import { presentYearOfSource } from "./shifted-day.ts";
import { amountText } from "./source-decimal.ts";
import { isOnSale, isSold, type SourceProduct } from "./source-products.ts";

const lines: Readonly<Record<string, string>> = { R: "Road", M: "Mountain", T: "Touring", S: "Standard" };
const classes: Readonly<Record<string, string>> = { H: "High", M: "Medium", L: "Low" };
const styles: Readonly<Record<string, string>> = { W: "Women", M: "Men", U: "Universal" };

/** All products; those whose sale ended before the present year are discontinued. */
export function products(sources: Iterable<SourceProduct>): readonly Product[] {
  const categoryIds = subcategoryIds();
  return [...sources].map((source) => {
    const category = categoryIds.get(source.ProductSubcategoryID);
    const attributes = attributesOf(source);
    const ended = source.SellEndDate !== "" && source.SellEndDate < `${presentYearOfSource}-01-01`;
    return {
      type: "product",
      id: source.ProductNumber,
      name: source.Name,
      unit: "EA",
      multiple: "1",
      ...(category === undefined ? {} : { category }),
      ...(isSold(source) ? { cost: { amount: amountText(source.StandardCost), currency: "USD" } } : {}),
      // A product whose sale ends has its dated prices only: a list price without dates would outlive them.
      ...(isOnSale(source) ? { listPrice: { amount: amountText(source.ListPrice), currency: "USD" } } : {}),
      ...(ended ? { status: "discontinued" as const } : {}),
      ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
    };
  });
}

function attributesOf(source: SourceProduct): Attributes {
  const values = {
    colour: source.Color,
    line: meaning(lines, source.ProductLine),
    class: meaning(classes, source.Class),
    style: meaning(styles, source.Style),
    size: source.Size,
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
}

/** What a code of the source, padded with spaces to its column's width, stands for. */
function meaning(words: Readonly<Record<string, string>>, code: string): string {
  if (code === "") return "";
  const word = words[code.trimEnd()];
  if (word === undefined) throw new RangeError(`Cannot read a product as its code is unknown: ${code}`);
  return word;
}
