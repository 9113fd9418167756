/**
 * What comes over a socket, as server-sent events: for those who can't have the socket itself. Ends when either side
 * does.
 */
export function sentEvents(socket: WebSocket): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let beat: ReturnType<typeof setInterval> | undefined;
  let isOpen = true;
  /** Whether it was open until now. */
  const end = (): boolean => {
    const wasOpen = isOpen;
    isOpen = false;
    if (beat !== undefined) clearInterval(beat);
    if (wasOpen) socket.close();
    return wasOpen;
  };
  return new ReadableStream({
    start(controller) {
      const write = (text: string) => {
        if (isOpen) controller.enqueue(encoder.encode(text));
      };
      socket.addEventListener("message", ({ data }) => write(`data: ${String(data)}\n\n`));
      socket.addEventListener("close", () => {
        if (end()) controller.close();
      });
      socket.accept();
      // So that what is in between does not take a silent stream for a dead one; and so that headers go out at once.
      write(": live\n\n");
      beat = setInterval(() => write(":\n\n"), beatMilliseconds);
    },
    cancel() {
      end();
    },
  });
}

const beatMilliseconds = 20_000;
