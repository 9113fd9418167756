import { vi } from "vitest";

/** Makes `Date` tell a simulation's time. Of many seeds nobody reads the log; of one it tells what happened. */
export function beginVirtualTime({ isSilent }: { readonly isSilent: boolean }): void {
  vi.useFakeTimers({ toFake: ["Date"] });
  if (isSilent) vi.spyOn(console, "log").mockImplementation(() => undefined);
}

export function endVirtualTime(): void {
  vi.useRealTimers();
  vi.restoreAllMocks();
}
