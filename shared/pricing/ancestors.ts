/** The id, then its ancestors, nearest first. A deleted ancestor ends the chain, and so does a cycle. */
export function withAncestors<T extends { readonly parent?: string | undefined }>(
  id: string,
  byId: ReadonlyMap<string, T>,
): string[] {
  const chain: string[] = [];
  let next: string | undefined = id;
  while (next !== undefined && byId.has(next) && !chain.includes(next)) {
    chain.push(next);
    next = byId.get(next)?.parent;
  }
  return chain;
}
