/**
 * The active currencies of ISO 4217 by their minor unit: how many decimals a total has. Withdrawn codes,
 * metals, funds without a minor unit and test codes are left out, so that they are refused.
 */
const codesByMinorUnit = {
  0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
  2:
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF " +
    "CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD " +
    "GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL " +
    "MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR " +
    "PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP " +
    "TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG",
  3: "BHD IQD JOD KWD LYD OMR TND",
  4: "CLF UYW",
} as const;

const minorUnits: ReadonlyMap<string, number> = new Map(
  Object.entries(codesByMinorUnit).flatMap(([places, codes]) =>
    codes.split(" ").map((code): [string, number] => [code, Number(places)]),
  ),
);

/** Whether the code is an active currency's, in upper case. */
export function isCurrency(code: string): boolean {
  return minorUnits.has(code);
}

/**
 * How many decimals a total in this currency has.
 * @throws {RangeError} for a code that is not an active currency's, which intake refuses
 */
export function minorUnitOf(code: string): number {
  const places = minorUnits.get(code);
  if (places === undefined) throw new RangeError(`Cannot find the minor unit of ${code}: no active currency`);
  return places;
}
