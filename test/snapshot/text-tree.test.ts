import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextTree } from "../../shared/snapshot/text-tree.ts";

const piece = fc.oneof(fc.constantFrom("[", "[1", ",", "", 1, 11), fc.string({ maxLength: 3 }), fc.nat());

describe("a tree of texts: it promises that…", () => {
  it("a text is its pieces joined, whatever was put together before", () => {
    fc.assert(
      fc.property(fc.array(fc.array(piece)), (texts) => {
        const tree = new TextTree();
        for (const pieces of texts) {
          for (const one of pieces) tree.add(one);
          expect(tree.take()).toBe(pieces.join(""));
        }
      }),
    );
  });

  it("it is so beyond what it remembers", () => {
    const tree = new TextTree();
    const numbers = Array.from({ length: 15_000 }, (_, number) => number);
    for (let round = 0; round < 3; round++) {
      const texts = numbers.map((number) => {
        for (const one of ["[", number, "]"]) tree.add(one);
        return tree.take();
      });
      expect(texts).toEqual(numbers.map((number) => `[${number}]`));
    }
  });
});
