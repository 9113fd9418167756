import type { Fraction } from "../fraction.ts";
import type { Product } from "../records.ts";
import type { Case } from "./case.ts";
import type { Base } from "./base.ts";
import type { Buyer } from "./customer.ts";
import type { View } from "./view.ts";

/** What is asked for, once customer, product and unit are known. */
export interface Line {
  readonly asked: Case;
  readonly buyer: Buyer;
  readonly product: Product;
  readonly unit: string;
  /** In base units. */
  readonly quantity: Fraction;
  /** The currency in which the price is worked out. */
  readonly currency: string;
  /** What a list by itself says that a base unit costs. */
  readonly listSays: (id: string, base: Base | undefined, view: View, line: Line) => Fraction;
}
