export const roles = ["storefront", "erp", "sales", "manager", "approver", "admin"] as const;
export type Role = (typeof roles)[number];

/** The roles whose keys may be a person's: those that act for the company in quotes. */
export const personRoles = ["sales", "manager", "approver", "admin"] as const satisfies readonly Role[];
export type PersonRole = (typeof personRoles)[number];

export function isPersonRole(role: string): role is PersonRole {
  return personRoles.some((known) => known === role);
}

export interface KeyCaller {
  readonly kind: "key";
  readonly keyId: string;
  readonly role: Role;
  /** The customers that it may ask for; null is all of them. */
  readonly customers: readonly string[] | null;
  /** Whose key it is, where it is one person's; of a sign-in, its e-mail. */
  readonly person?: string;
}

export interface CustomerCaller {
  readonly kind: "customer";
  readonly customer: string;
  /** The key that made the customer's token. */
  readonly keyId: string;
}

export type Caller = KeyCaller | CustomerCaller;

const signInPrefix = "access:";

/** What stands for the key of a user who has signed in. */
export function keyOfSignIn(user: string): string {
  return `${signInPrefix}${user}`;
}

export function isSignIn({ keyId }: Caller): boolean {
  return keyId.startsWith(signInPrefix);
}

/**
 * Whether the caller may see the customer's data. Where it may not, answer as if there were no such customer:
 * `unknown_customer`.
 */
export function mayAsk(caller: Caller, customer: string): boolean {
  if (caller.kind === "customer") return caller.customer === customer;
  return caller.customers === null || caller.customers.includes(customer);
}
