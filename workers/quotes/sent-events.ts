/**
 * What comes over a socket, as server-sent events: for those who can't have the socket itself. Ends when either side
 * does.
 */
export function sentEvents(socket: WebSocket): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let beat: ReturnType<typeof setInterval> | undefined;
  const end = () => {
    if (beat !== undefined) clearInterval(beat);
    socket.close();
  };
  return new ReadableStream({
    start(controller) {
      const write = (text: string) => controller.enqueue(encoder.encode(text));
      socket.addEventListener("message", ({ data }) => write(`data: ${String(data)}\n\n`));
      socket.addEventListener("close", () => {
        end();
        controller.close();
      });
      socket.accept();
      // So that what is in between does not take a silent stream for a dead one; and so that headers go out at once.
      write(": live\n\n");
      beat = setInterval(() => write(":\n\n"), beatMilliseconds);
    },
    cancel: end,
  });
}

const beatMilliseconds = 20_000;
