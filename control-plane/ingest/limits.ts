/** What one request may hold. */
export const receivedBytesMax = 100 * 1024 * 1024;
export const decompressedBytesMax = 256 * 1024 * 1024;
export const lineBytesMax = 64 * 1024;
export const recordsMax = 250_000;
/** Blank ones included. */
export const linesMax = 1_000_000;

/** How far ahead of our clock an ERP's instant may be, before it would block all later ones. */
export const revAheadMaxMilliseconds = 10 * 60 * 1000;

/** How long a record waits for what it refers to. */
export const parkedMilliseconds = 48 * 60 * 60 * 1000;

/** How long a request that stopped in the middle holds its idempotency key; renewed while it goes on. */
export const leaseMilliseconds = 2 * 60 * 1000;

/** How long a key's answer is repeated. */
export const answerKeptMilliseconds = 7 * 24 * 60 * 60 * 1000;

export const sweepMilliseconds = 24 * 60 * 60 * 1000;

/** A sweep that would take away more of what stands needs `force`. */
export const shrinkPercentMax = 20;

export const problemsInAnswerMax = 1000;
