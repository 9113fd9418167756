/** Which side somebody acts for. The system acts when time does: expiry, reminders, the hand-over of orders. */
export type Party = "buyer" | "seller" | "system";

/** Who did something, as the log of events keeps it. */
export interface Actor {
  readonly party: Party;
  /**
   * A buyer is its customer's id. A seller is the person of its key or sign-in; a key that belongs to nobody is
   * `key:` and its id. The system is `system`.
   */
  readonly person: string;
  /**
   * The API key that was used, or `access:` and the id of a user who signed in through Cloudflare Access; `system` for
   * the system.
   */
  readonly key: string;
}
