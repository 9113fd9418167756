import { readManifest, segmentsOf } from "../../shared/snapshot/manifest.ts";
import type { CustomerPage } from "../../shared/snapshot/page.ts";
import { openPages } from "../../shared/snapshot/page-segment.ts";
import { readSegment } from "../../control-plane/publish/segment-store.ts";

/** Every segment that a snapshot needs to answer, read from the store of record; rejects if one of them is not whole. */
export async function namesOf(published: D1Database, manifest: string): Promise<Set<string>> {
  const contents = readManifest(await readSegment(published, manifest));
  const names = new Set([manifest, ...segmentsOf(contents)]);
  for (const hash of Object.values(contents.customers.segments)) {
    const pages = openPages<CustomerPage>("customers", await readSegment(published, hash));
    for (const customer of pages.keys()) {
      const placements = Object.values(pages.find(customer)?.placements ?? {});
      for (const { overlay } of placements) for (const one of Object.values(overlay ?? {})) names.add(one);
    }
  }
  for (const name of names) await readSegment(published, name);
  return names;
}
