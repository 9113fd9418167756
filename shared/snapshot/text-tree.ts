interface Node {
  readonly piece: string | number;
  /** All pieces up to here. */
  readonly text: string;
  /** The node that was followed last: mostly it is the next one, too. */
  last: Node | undefined;
  next: Map<string | number, Node> | undefined;
}

/**
 * Puts texts together from pieces, and gives one string for all texts of the same pieces. Where most texts were met
 * before, to follow their pieces along a tree takes a fraction of the time that joining and comparing texts does.
 */
export class TextTree {
  #root = nodeOf("", "");
  #at = this.#root;
  #nodes = 0;

  add(piece: string | number): void {
    const { last } = this.#at;
    this.#at = last?.piece === piece ? last : this.#follow(piece);
  }

  /** The text of the pieces that were added since this was last asked. */
  take(): string {
    const { text } = this.#at;
    if (this.#nodes > nodesMax) {
      this.#root = nodeOf("", "");
      this.#nodes = 0;
    }
    this.#at = this.#root;
    return text;
  }

  #follow(piece: string | number): Node {
    const at = this.#at;
    const known = at.next?.get(piece);
    const next = known ?? nodeOf(piece, at.text + piece);
    if (known === undefined) {
      this.#nodes++;
      at.next ??= new Map();
      at.next.set(piece, next);
    }
    at.last = next;
    return next;
  }
}

// Some megabytes, where texts have nothing in common.
const nodesMax = 20_000;

function nodeOf(piece: string | number, text: string): Node {
  return { piece, text, last: undefined, next: undefined };
}
