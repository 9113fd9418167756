/** Which snapshot is live. Only the head's Durable Object makes a new one. */
export interface Head {
  /** Grows by one with each move, also when an older snapshot is made live again. */
  readonly number: number;
  readonly snapshot: string;
  readonly sequence: number;
  /** The highest sequence that was ever live: what a batch's token asks for. */
  readonly through: number;
  /** The content hash of the manifest. */
  readonly manifest: string;
  /** When the head was moved, RFC 3339. */
  readonly movedAt: string;
}
