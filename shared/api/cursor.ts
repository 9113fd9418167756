import { Problem } from "./problem.ts";

/** Where a page ended, as an opaque text that a query string carries as it is. */
export function cursorOf(place: readonly (string | number)[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify(place));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The place of a cursor that we gave; its two parts are of the type that the caller names. */
export function placeOf<Part extends "string" | "number">(
  cursor: string,
  part: Part,
  parameter = "after",
): readonly [Part extends "string" ? string : number, Part extends "string" ? string : number] {
  const place = read(cursor);
  if (Array.isArray(place) && place.length === 2 && place.every((value) => typeof value === part)) {
    return place as unknown as ReturnType<typeof placeOf<Part>>;
  }
  throw new Problem("invalid_request", {
    detail: `${parameter} is the next of an earlier page`,
    more: { reason: "invalid_value", parameter },
  });
}

function read(cursor: string): unknown {
  try {
    const binary = atob(cursor.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // Whatever it was, it was not one of our cursors.
    return undefined;
  }
}
