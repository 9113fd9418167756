import type { Contact, Attachment, Terms } from "../../shared/quoting/quote.ts";

/** What somebody says of the terms: what is left out stays as it is, null takes away. */
export interface PostedTerms {
  readonly validUntil?: string | null | undefined;
  readonly paymentTerms?: string | null | undefined;
  readonly purchaseOrder?: string | null | undefined;
  readonly note?: string | null | undefined;
  readonly contacts?: readonly PostedContact[] | undefined;
  readonly attachments?: readonly Attachment[] | undefined;
}

interface PostedContact {
  readonly name: string;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
}

const singles = ["validUntil", "paymentTerms", "purchaseOrder", "note"] as const;

export function setTerms(posted: PostedTerms, before: Terms): Terms {
  const entries = singles.flatMap((name) => {
    const value = posted[name] === undefined ? before[name] : posted[name];
    return value === null || value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(entries),
    contacts: posted.contacts?.map(contactOf) ?? before.contacts,
    attachments: posted.attachments ?? before.attachments,
  };
}

export function contactOf({ name, email, phone }: PostedContact): Contact {
  return {
    name,
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
  };
}
