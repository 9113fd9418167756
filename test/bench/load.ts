import { connect, type Socket } from "node:net";

/**
 * A load generator of one thread, which takes far less of a processor than what it asks: requests are written as they
 * were prepared, and of an answer nothing is read but its status and its length.
 */
const connections = 16;

export interface Prepared {
  readonly bytes: Buffer;
}

export interface Question {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON; without one it is a GET. */
  readonly body?: unknown;
}

export function prepare({ path, headers = {}, body }: Question): Prepared {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const lines = [
    `${text === undefined ? "GET" : "POST"} ${path} HTTP/1.1`,
    "Host: localhost",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(text === undefined
      ? []
      : ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(text)}`]),
  ];
  return { bytes: Buffer.from(`${lines.join("\r\n")}\r\n\r\n${text ?? ""}`) };
}

/** How many of these requests are answered, asked in turn over 16 connections for so long, from the first one on. */
export async function load(
  port: number,
  requests: readonly Prepared[],
  milliseconds: number,
  first = 0,
): Promise<{ readonly answers: number; readonly seconds: number }> {
  const start = performance.now();
  const end = start + milliseconds;
  let next = first;
  const take = () => {
    if (performance.now() >= end) return undefined;
    const request = requests[next % requests.length];
    next++;
    return request;
  };
  const answered = await Promise.all(Array.from({ length: connections }, () => converse(port, take)));
  const answers = answered.reduce((sum, count) => sum + count, 0);
  return { answers, seconds: (performance.now() - start) / 1000 };
}

/** Asks one request after the other over one connection; resolves with how many were answered with 200. */
function converse(port: number, take: () => Prepared | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    let answered = 0;
    let missing = 0;
    let head = "";
    const socket: Socket = connect({
      host: "127.0.0.1",
      port,
      noDelay: true,
      // One buffer a connection, since making one for every read costs more than all the rest.
      onread: { buffer: Buffer.allocUnsafe(65_536), callback: (length, buffer) => read(length, buffer) },
    });
    socket.on("connect", send);
    socket.on("error", reject);

    function send(): void {
      const request = take();
      if (request !== undefined) socket.write(request.bytes);
      else {
        socket.destroy();
        resolve(answered);
      }
    }

    function read(length: number, buffer: Uint8Array): boolean {
      if (missing > 0) missing -= length;
      else {
        head += Buffer.from(buffer.buffer, buffer.byteOffset, length).latin1Slice(0, Math.min(length, 2_048));
        const bodyStart = head.indexOf("\r\n\r\n") + 4;
        if (bodyStart === 3) return true;
        const bodyLength = /\r\ncontent-length: *(\d+)\r\n/i.exec(head)?.[1];
        if (!head.startsWith("HTTP/1.1 200 ") || bodyLength === undefined) {
          socket.destroy();
          reject(new Error(`Not an answer of a known length: ${head.slice(0, 500)}`));
          return false;
        }
        missing = bodyStart + Number(bodyLength) - length;
        head = "";
      }
      if (missing < 0) reject(new Error("An answer is longer than it says"));
      else if (missing === 0) {
        answered++;
        send();
      }
      return true;
    }
  });
}
