/** A JSON number's source text as a decimal text, without ever becoming a binary float. */

/** `digits` divided by ten to the power of `places`, which is negative for large round numbers. */
interface Scaled {
  readonly digits: bigint;
  readonly places: number;
}

const numberText = /^(-?[0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,3}))?$/;
// Every decimal of so many digits survives being a double, so what stands behind them is noise.
const floatDigits = 15;

/** The same number without exponent and trailing zeros; undefined for what is no number or absurdly long. */
export function exactDecimal(text: string): string | undefined {
  const scaled = scale(text);
  return scaled === undefined ? undefined : format(scaled);
}

/**
 * The decimal that a float was printed for: the noise of `0.30000000000000004` is taken away. Undefined when what
 * is left has more than `placesMax` places, or when the number is too long for a double to hold it.
 */
export function decimalOfFloat(text: string, placesMax: number): string | undefined {
  const scaled = scale(text);
  if (scaled === undefined) return undefined;
  const digits = digitCount(scaled);
  if (digits <= floatDigits) return scaled.places > placesMax ? undefined : format(scaled);
  const wholeDigits = Math.max(0, digits - scaled.places);
  if (wholeDigits + placesMax > floatDigits) return undefined;
  const rounded = trim(drop(scaled, digits - floatDigits));
  return rounded.places > placesMax ? undefined : format(rounded);
}

function scale(text: string): Scaled | undefined {
  const [, whole, part = "", exponent = "0"] = numberText.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return trim({ digits: BigInt(whole + part), places: part.length - Number(exponent) });
}

function trim({ digits, places }: Scaled): Scaled {
  if (digits === 0n) return { digits, places: 0 };
  const text = digits.toString();
  const zeros = text.length - text.replace(/0+$/, "").length;
  return { digits: BigInt(text.slice(0, text.length - zeros)), places: places - zeros };
}

function digitCount({ digits }: Scaled): number {
  return (digits < 0n ? -digits : digits).toString().length;
}

/** Rounds half away from zero to so many digits fewer. */
function drop({ digits, places }: Scaled, count: number): Scaled {
  const unit = 10n ** BigInt(count);
  const half = digits < 0n ? -unit / 2n : unit / 2n;
  return { digits: (digits + half) / unit, places: places - count };
}

function format({ digits, places }: Scaled): string {
  if (places <= 0) return (digits * 10n ** BigInt(-places)).toString();
  const sign = digits < 0n ? "-" : "";
  const text = (digits < 0n ? -digits : digits).toString().padStart(places + 1, "0");
  return `${sign}${text.slice(0, -places)}.${text.slice(-places)}`;
}
