/** How a file writes days. */
export const dateFormats = ["yyyy-mm-dd", "yyyymmdd", "dd.mm.yyyy", "dd/mm/yyyy", "mm/dd/yyyy"] as const;

export type DateFormat = (typeof dateFormats)[number];

const patterns: Readonly<Record<DateFormat, RegExp>> = {
  "yyyy-mm-dd": /^(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})$/,
  yyyymmdd: /^(?<year>[0-9]{4})(?<month>[0-9]{2})(?<day>[0-9]{2})$/,
  "dd.mm.yyyy": /^(?<day>[0-9]{1,2})\.(?<month>[0-9]{1,2})\.(?<year>[0-9]{4})$/,
  "dd/mm/yyyy": /^(?<day>[0-9]{1,2})\/(?<month>[0-9]{1,2})\/(?<year>[0-9]{4})$/,
  "mm/dd/yyyy": /^(?<month>[0-9]{1,2})\/(?<day>[0-9]{1,2})\/(?<year>[0-9]{4})$/,
};

/** The day as `2026-01-31`; undefined for a text of another form. Whether there is such a day, intake says. */
export function dayOf(text: string, format: DateFormat): string | undefined {
  const { year, month = "", day = "" } = patterns[format].exec(text)?.groups ?? {};
  return year === undefined ? undefined : `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}
