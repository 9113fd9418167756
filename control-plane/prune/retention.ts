/** What is kept of the snapshots that were live. */
export interface Retention {
  /**
   * Those that were live within so many days. One at least: an edge may answer from a head that is as old as KV's
   * copies and `HEAD_AGE_MAX_SECONDS` together allow, which is minutes.
   */
  readonly days: number;
  /** And as many of the last heads', whatever their age. */
  readonly heads: number;
}

export const retentionDefaults: Retention = { days: 30, heads: 20 };
