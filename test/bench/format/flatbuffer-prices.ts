import { Builder, ByteBuffer } from "flatbuffers";
import type { Priced } from "./tier-data.ts";

/**
 * The same prices as a FlatBuffer, written and read as generated code for this schema does:
 *
 * ```
 * struct Tier { from: uint32; digits: uint32; places: uint8; }
 * table Product { sku: string (key); unit: string; tiers: [Tier]; }
 * table Prices { products: [Product]; }
 * ```
 *
 * It has no explanations, and no room for prices of over nine digits.
 */
const tierBytes = 12;

export function encodeFlatBuffer(products: readonly Priced[]): Uint8Array<ArrayBuffer> {
  const builder = new Builder(1024);
  const offsets = products
    .toSorted((a, b) => (a.sku < b.sku ? -1 : 1))
    .map(({ sku, unit, tiers }) => {
      const key = builder.createString(sku);
      const unitName = builder.createSharedString(unit);
      builder.startVector(tierBytes, tiers.length, 4);
      for (const { from, unitPrice } of tiers.toReversed()) {
        builder.prep(4, tierBytes);
        builder.pad(3);
        builder.writeInt8(unitPrice.length - 1 - unitPrice.indexOf("."));
        builder.writeInt32(Number(unitPrice.replace(".", "")));
        builder.writeInt32(from);
      }
      const vector = builder.endVector();
      builder.startObject(3);
      builder.addFieldOffset(0, key, 0);
      builder.addFieldOffset(1, unitName, 0);
      builder.addFieldOffset(2, vector, 0);
      return builder.endObject();
    });
  builder.startVector(4, offsets.length, 4);
  for (const offset of offsets.toReversed()) builder.addOffset(offset);
  const vector = builder.endVector();
  builder.startObject(1);
  builder.addFieldOffset(0, vector, 0);
  builder.finish(builder.endObject());
  return Uint8Array.from(builder.asUint8Array());
}

/** Finds the price of a quantity of a product, by bisecting the products. */
export function openFlatBuffer(bytes: Uint8Array): (sku: string, quantity: number) => string | undefined {
  const buffer = new ByteBuffer(bytes);
  const root = buffer.readInt32(0);
  const products = fieldAt(root, 0);
  const start = buffer.__vector(products);
  const count = buffer.__vector_len(products);
  const encoder = new TextEncoder();

  function fieldAt(table: number, index: number): number {
    return table + buffer.__offset(table, 4 + 2 * index);
  }

  function find(key: Uint8Array): number | undefined {
    let [low, high] = [0, count - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const product = buffer.__indirect(start + 4 * middle);
      const order = compareKey(buffer.__indirect(fieldAt(product, 0)), key);
      if (order === 0) return product;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  function compareKey(string: number, key: Uint8Array): number {
    const length = buffer.readInt32(string);
    for (let index = 0; index < Math.min(length, key.length); index++) {
      const order = buffer.readUint8(string + 4 + index) - (key[index] ?? 0);
      if (order !== 0) return order;
    }
    return length - key.length;
  }

  return (sku, quantity) => {
    const product = find(encoder.encode(sku));
    if (product === undefined) return undefined;
    const tiers = fieldAt(product, 2);
    const first = buffer.__vector(tiers);
    let tier = first;
    for (let index = buffer.__vector_len(tiers) - 1; index > 0; index--) {
      const next = first + tierBytes * index;
      if (buffer.readUint32(next) > quantity) continue;
      tier = next;
      break;
    }
    const digits = String(buffer.readUint32(tier + 4));
    const point = digits.length - buffer.readUint8(tier + 8);
    return `${digits.slice(0, point)}.${digits.slice(point)}`;
  };
}
