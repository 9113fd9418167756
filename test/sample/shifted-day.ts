/**
 * The year of the source that stands for the present one. In it the last list prices begin (29 May), the last
 * promotions run, and the volume discounts hold from its first day to its last.
 */
export const presentYearOfSource = 2024;

/** How many years the source's dates are moved, so that they fall around `now`. */
export function yearsToShift(now: Date): number {
  return now.getUTCFullYear() - presentYearOfSource;
}

/** The local day of a date of the source, whole years later; 29 February becomes the 28th where there is none. */
export function shiftedDay(source: string, years: number): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2}) 00:00:00\.000$/.exec(source) ?? [];
  if (year === undefined || month === undefined || day === undefined) {
    throw new RangeError(`Cannot shift a date as it is not a day of the source: ${source}`);
  }
  const shifted = Number(year) + years;
  const exists = `${month}-${day}` !== "02-29" || isLeapYear(shifted);
  return `${String(shifted).padStart(4, "0")}-${month}-${exists ? day : "28"}`;
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
