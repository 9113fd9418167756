import type { QuoteItem, QuoteLine } from "../../shared/quoting/line.ts";
import type { Documented } from "../../workers/quotes/document/document.ts";

const names = [
  "Mountain-200 Black, 42",
  "Road-150 Red, 62",
  "HL Mountain Frame – Silver, 46, with a name that is long enough to need a second line on paper",
  "Sport-100 Helmet, Red",
  "Patch Kit/8 Patches",
];

function item(number: number, place: string, more: Partial<QuoteItem> = {}): QuoteItem {
  return {
    item: place,
    sku: `SKU-${number}${place === "0" ? "" : `-${place}`}`,
    name: names[number % names.length] ?? "",
    quantity: String(number * 7),
    unit: "EA",
    per: "1",
    listed: { unit: "EA", unitPrice: "1250.50", per: "1", lineTotal: "8753.50" },
    offeredPrice: "1100.44",
    lineTotal: "7703.08",
    discountPercent: "12.00",
    ...more,
  };
}

function lineOf(number: number): QuoteLine {
  const alternatives = number % 9 === 4 ? [item(number, "1", { quantity: "1000.5", unit: "BOX" })] : [];
  return {
    line: String(number),
    ...(number % 6 === 2 ? { note: "Delivered in two parts.\nThe second one in May." } : {}),
    own: item(number, "0", number % 7 === 3 ? { per: "1000", offeredPrice: "0.00425" } : {}),
    alternatives,
  };
}

/** A quote that was sent, with so many lines. */
export function documentedQuote(lines: number, more: Partial<Documented> = {}): Documented {
  return {
    id: "Tn3xVbq0S5eWcYh2kLm9Pg",
    status: "sent",
    customer: "AW00000676",
    customerName: "Aerobic Exercise Company & Söhne <GmbH>",
    currency: "USD",
    sentAt: "2026-11-27T14:03:00Z",
    revision: {
      number: 3,
      by: "seller",
      at: "2026-11-27T13:00:00Z",
      lines: Array.from({ length: lines }, (_, index) => lineOf(index + 1)),
      terms: {
        validUntil: "2026-12-27T14:00:00Z",
        paymentTerms: "30 days net",
        purchaseOrder: "PO-2026-118",
        note: "Prices include delivery to your central warehouse.",
        contacts: [{ name: "Purchasing", email: "purchasing@customer.example", phone: "+1 555 0100" }],
        attachments: [{ name: "Data sheet", url: "https://files.company.example/mountain-200.pdf" }],
      },
      pin: { snapshot: "s", sequence: 7, at: "2026-11-27T13:00:00Z", lineRounding: { mode: "half-up" } },
      total: "1234567890123456.78",
    },
    letterhead: {
      name: "Adventure Works Cycles",
      address: ["1 Bicycle Road", "98011 Bothell, WA", "United States"],
      contact: "sales@company.example",
      taxId: "91-0000000",
      terms: "Goods remain our property until paid in full. Prices hold until the date above.",
    },
    ...more,
  };
}
