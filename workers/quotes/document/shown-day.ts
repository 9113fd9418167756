const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** The day of an instant for people everywhere: 7 December 2026. */
export function shownDay(instant: string): string {
  const at = new Date(instant);
  return `${at.getUTCDate()} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
}

/** With its time, where the minute counts. */
export function shownMoment(instant: string): string {
  return `${shownDay(instant)}, ${new Date(instant).toISOString().slice(11, 16)} UTC`;
}
