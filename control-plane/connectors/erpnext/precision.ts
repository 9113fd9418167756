import type { Precision, SystemSettings } from "./doctypes.ts";

/** What System Settings say; without a currency precision, the decimals of the number format count. */
export function precisionOf(settings: SystemSettings | undefined): Precision {
  const shown = /[.,]([#]+)$/.exec(settings?.number_format ?? "#,###.##")?.[1]?.length ?? 0;
  return {
    currency: Number(settings?.currency_precision ?? shown),
    float: Number(settings?.float_precision ?? 3),
  };
}
