import { Problem } from "../../shared/api/problem.ts";
import { decompressedBytesMax, receivedBytesMax } from "./limits.ts";

export type Encoding = "identity" | "gzip";

/** A body being read: its bytes after decompression, and the digest of the bytes as they were received. */
export interface IncomingBytes {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** SHA-256 in hex; to be asked for after the last chunk. */
  digest(): Promise<string>;
}

/** Reads a body within its caps, without ever holding it. */
export function incomingBytes(body: ReadableStream<Uint8Array> | null, encoding: Encoding): IncomingBytes {
  const hash = new crypto.DigestStream("SHA-256");
  const writer = hash.getWriter();
  let received = 0;
  let refusal: Problem | undefined;

  async function note(chunk: Uint8Array): Promise<void> {
    received += chunk.byteLength;
    if (received > receivedBytesMax) {
      refusal = new Problem("body_too_large", { detail: `A body has at most ${receivedBytesMax} bytes` });
      throw refusal;
    }
    await writer.write(chunk);
  }

  const counted = new TransformStream<Uint8Array, Uint8Array>({
    async transform(chunk, controller) {
      await note(chunk);
      controller.enqueue(chunk);
    },
  });

  async function* chunks(): AsyncGenerator<Uint8Array> {
    if (body === null) return;
    // What comes as it is needs no stream in between, which takes longer than the lines in it.
    const isPlain = encoding === "identity";
    const bytes = isPlain ? body : body.pipeThrough(counted).pipeThrough(new DecompressionStream("gzip"));
    const reader = bytes.getReader();
    let decompressed = 0;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        if (isPlain) await note(value);
        decompressed += value.byteLength;
        if (decompressed > decompressedBytesMax) {
          throw new Problem("decompressed_too_large", {
            detail: `A decompressed body has at most ${decompressedBytesMax} bytes`,
          });
        }
        yield value;
      }
    } catch (error) {
      if (refusal !== undefined) throw refusal;
      if (error instanceof Problem || isPlain) throw error;
      // The connection may have broken too, but then nobody reads the answer.
      throw new Problem("bad_encoding", { detail: "The gzip data is damaged or cut off", cause: error });
    } finally {
      // A stream that has broken already has nothing left to cancel, and its error is on its way.
      await reader.cancel().catch(() => undefined);
    }
  }

  return {
    chunks: chunks(),
    async digest() {
      await writer.close();
      const bytes = new Uint8Array(await hash.digest);
      return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    },
  };
}
