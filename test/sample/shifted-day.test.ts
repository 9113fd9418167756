import { expect, it } from "vitest";
import { shiftedDay, yearsToShift } from "./shifted-day.ts";

it("moves a day of the source by whole years", () => {
  expect(shiftedDay("2024-05-29 00:00:00.000", yearsToShift(new Date("2026-11-23T00:00:00Z")))).toBe(
    "2026-05-29",
  );
  expect(shiftedDay("2022-05-30 00:00:00.000", -3)).toBe("2019-05-30");
});

it("turns a leap day into the 28th only where there is none", () => {
  const moved = [1, 4, 76, 376].map((years) => shiftedDay("2024-02-29 00:00:00.000", years));
  expect(moved).toEqual(["2025-02-28", "2028-02-29", "2100-02-28", "2400-02-29"]);
});

it("refuses what is no day of the source", () => {
  expect(() => shiftedDay("2024-05-29 11:15:07.263", 2)).toThrow("2024-05-29 11:15:07.263");
});
