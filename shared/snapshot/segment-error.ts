/** Bytes that are no segment, or none of the kind that was asked for. */
export class SegmentError extends Error {
  override readonly name = "SegmentError";
}
