import { readManifest, segmentsOf } from "../../shared/snapshot/manifest.ts";
import type { CustomerPage } from "../../shared/snapshot/page.ts";
import { openPages } from "../../shared/snapshot/page-segment.ts";
import { readSegment } from "../publish/segment-store.ts";
import type { PruneState } from "./prune-state.ts";

/**
 * Notes all segments that a snapshot needs, as far as there is time. A segment that names others is noted when these
 * are, so that what is noted is noted wholly, whenever this stops.
 * @returns whether it came to the end
 * @throws {SegmentDamaged} when the snapshot is not whole, so that nobody can tell what it needs
 */
export async function markSnapshot(
  manifest: string,
  published: D1Database,
  state: PruneState,
  hasTime: () => boolean,
): Promise<boolean> {
  const contents = readManifest(await readSegment(published, manifest));
  // The customers' pages name the overlays, which nothing else does.
  for (const hash of state.notNeeded(Object.values(contents.customers.segments))) {
    if (!hasTime()) return false;
    state.need([hash, ...overlaysIn(await readSegment(published, hash))]);
  }
  state.need([manifest, ...segmentsOf(contents)]);
  return true;
}

function overlaysIn(bytes: Uint8Array): Set<string> {
  const overlays = new Set<string>();
  const pages = openPages<CustomerPage>("customers", bytes);
  for (const customer of pages.keys()) {
    for (const { overlay } of Object.values(pages.find(customer)?.placements ?? {})) {
      for (const hash of Object.values(overlay ?? {})) overlays.add(hash);
    }
  }
  return overlays;
}
