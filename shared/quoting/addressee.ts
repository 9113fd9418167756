import type { Addressee } from "./approval.ts";

/** `role/…` or `person/…`. */
export function addresseeKey(addressee: Addressee): string {
  return "role" in addressee ? `role/${addressee.role}` : `person/${addressee.person}`;
}

export function isSameAddressee(a: Addressee, b: Addressee): boolean {
  return addresseeKey(a) === addresseeKey(b);
}
