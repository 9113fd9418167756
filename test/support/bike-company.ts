import { expect } from "vitest";
import { publish, push } from "./erp.ts";
import type { Planes } from "./planes.ts";
import { customerToken } from "./price-questions.ts";
import { Party, partyOf, type QuoteBody } from "./quote-parties.ts";

/** A company that sells bikes and helmets to shops, and lets nobody give much away alone. */
export const bikeCompany = [
  {
    type: "company",
    id: "default",
    name: "Bike Works",
    address: ["1 Bicycle Road", "Berlin"],
    terms: "Goods remain ours until paid.",
    referenceCurrency: "EUR",
  },
  { type: "person", id: "sally", name: "Sally Seller", roles: ["field-sales"] },
  { type: "person", id: "leo", name: "Leo Lead", roles: ["sales-lead"] },
  { type: "person", id: "dora", name: "Dora Deputy", roles: ["sales-lead-deputy"] },
  { type: "person", id: "fritz", name: "Fritz Finance", roles: ["finance"] },
  { type: "person", id: "greta", name: "Greta Limited", roles: ["finance"], limit: { discountPercent: "5" } },
  {
    type: "approvalPolicy",
    id: "large-discount",
    when: { discountAbove: "10" },
    tier: 1,
    needs: [{ of: [{ person: "leo" }] }],
  },
  {
    type: "approvalPolicy",
    id: "thin-line",
    when: { lineMarginBelow: "15" },
    tier: 2,
    needs: [{ of: [{ role: "finance" }] }],
  },
  {
    type: "product",
    id: "BIKE",
    name: "Mountain bike",
    unit: "EA",
    listPrice: { amount: "500.00", currency: "EUR" },
    cost: { amount: "341.77", currency: "EUR" },
  },
  {
    type: "product",
    id: "HELMET",
    name: "Helmet",
    unit: "EA",
    units: [{ unit: "BOX", factor: "10" }],
    listPrice: { amount: "40.00", currency: "EUR" },
    cost: { amount: "31.313", currency: "EUR" },
  },
  { type: "product", id: "LAMP", name: "Lamp", unit: "EA" },
  { type: "customer", id: "SHOP", name: "The Bike Shop", currency: "EUR", paymentTerms: "30 days net" },
  { type: "customer", id: "OTHER", name: "Another Shop", currency: "EUR" },
  {
    type: "price",
    id: "shop-bike",
    customer: "SHOP",
    sku: "BIKE",
    currency: "EUR",
    amount: "450.00",
    minQuantity: "100",
  },
];

export interface BikePeople {
  readonly shop: Party;
  /** The storefront, for all customers. */
  readonly storefront: Party;
  readonly sally: Party;
  readonly leo: Party;
  readonly dora: Party;
  readonly fritz: Party;
  readonly greta: Party;
}

/** Publishes the company, and gives each of its people a key. */
export async function startBikeCompany(planes: Planes): Promise<BikePeople> {
  await push(planes, bikeCompany);
  await publish(planes);
  const approver = (person: string) => partyOf(planes, { role: "approver", person });
  return {
    shop: new Party(planes, await customerToken(planes, "SHOP")),
    storefront: new Party(planes),
    sally: await partyOf(planes, { role: "sales", person: "sally" }),
    leo: await approver("leo"),
    dora: await approver("dora"),
    fritz: await approver("fritz"),
    greta: await approver("greta"),
  };
}

export const bikes = { lines: [{ sku: "BIKE", quantity: "40", requestedPrice: "440.00" }] };
export const offer = { lines: [{ sku: "BIKE", quantity: "40", offeredPrice: "470.00" }] };

/** An offer that nobody has to approve, as the buyer got it. */
export async function sentQuote({ shop, sally }: BikePeople, body: object = offer): Promise<QuoteBody> {
  const requested = await shop.done("submit", await shop.opened(bikes));
  const approved = await sally.done("offer", requested, body);
  expect(approved.status).toBe("approved");
  await sally.done("send", approved);
  return shop.read(requested);
}
