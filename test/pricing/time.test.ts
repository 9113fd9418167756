import { describe, expect, it } from "vitest";
import { dayNumber } from "../../shared/pricing/calendar.ts";
import { parseInstant } from "../../shared/pricing/instant.ts";
import { isInForce, periodOf } from "../../shared/pricing/period.ts";
import { isTimeZone, startOfDay } from "../../shared/pricing/time-zone.ts";

function localDay(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(at);
}

describe("a local day", () => {
  // Zones with summer time, without, with changes at midnight, with odd offsets, and one that skipped a day.
  it.each(["UTC", "Europe/Berlin", "America/Sao_Paulo", "America/Havana", "Asia/Kathmandu", "Pacific/Apia"])(
    "begins with its first instant, %s",
    (zone) => {
      for (const year of [2011, 2018, 2026]) {
        for (let day = dayNumber(year, 1, 1); day <= dayNumber(year, 12, 31); day++) {
          const start = startOfDay(day, zone);
          const name = new Date(day * 86_400_000).toISOString().slice(0, 10);
          // The day that Samoa skipped begins when the next one does.
          const begun = zone === "Pacific/Apia" && name === "2011-12-30" ? "2011-12-31" : name;
          expect([zone, name, localDay(start, zone)]).toEqual([zone, name, begun]);
          expect([zone, name, localDay(start - 1, zone) < name]).toEqual([zone, name, true]);
        }
      }
    },
  );

  it("begins at one where clocks went forward at midnight", () => {
    expect(startOfDay(dayNumber(2018, 11, 4), "America/Sao_Paulo")).toBe(Date.parse("2018-11-04T03:00:00Z"));
  });
});

describe("a period", () => {
  it("holds its first instant and not its end", () => {
    const period = periodOf({ from: "2026-03-29", until: "2026-03-29" }, "Europe/Berlin");
    expect(period).toEqual({
      from: Date.parse("2026-03-28T23:00:00Z"),
      until: Date.parse("2026-03-29T22:00:00Z"),
    });
    const { from, until } = period;
    expect([from - 1, from, until - 1, until].map((at) => isInForce(period, at))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it("is open where ERPs write that there is no date", () => {
    for (const date of ["0000-00-00", "1900-01-01", "2500-12-31", "9999-12-31"]) {
      expect(periodOf({ from: date, until: date }, "UTC")).toEqual({ from: -Infinity, until: Infinity });
    }
  });
});

describe("an instant", () => {
  it.each([
    ["2026-11-23T10:00:00Z", "2026-11-23T10:00:00.000Z"],
    ["2026-11-23T10:00:00+05:45", "2026-11-23T04:15:00.000Z"],
    ["2026-02-28T23:30:00-01:00", "2026-03-01T00:30:00.000Z"],
    ["2000-02-29t00:00:00.1239z", "2000-02-29T00:00:00.123Z"],
    ["1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"],
  ])("is read from %s", (text, expected) => {
    expect(new Date(parseInstant(text) ?? Number.NaN).toISOString()).toBe(expected);
  });

  it.each(["2026-11-23", "2026-11-23T10:00:00", "2026-11-23 10:00:00Z", "now", ""])("is not %s", (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

describe("a time zone", () => {
  it.each([
    ["Europe/Berlin", true],
    ["UTC", true],
    ["Europe/Nowhere", false],
    ["", false],
  ])("%s is one: %s", (name, expected) => {
    expect(isTimeZone(name)).toBe(expected);
  });
});
