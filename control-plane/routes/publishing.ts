import * as z from "zod";
import type { Plane } from "../../shared/api/plane.ts";
import type { ControlEnv } from "../env.ts";
import { publisherName } from "../publisher-object.ts";
import { changedSettings, guardChange, guardSettings } from "./guard-shapes.ts";
import { whole } from "./query-values.ts";

const autoPublish = z
  .boolean()
  .meta({ description: "Whether a batch is published a moment after it was applied" });

const retention = z
  .strictObject({
    days: whole(1, 3650, "Snapshots that were live within so many days are kept"),
    heads: whole(1, 1000, "So are as many of the last that were live, whatever their age"),
  })
  .meta({
    description:
      "How long one can go back. Kept besides are what is pinned, and what is held and newer than all that was live",
  });

const publishing = z.strictObject({ autoPublish, guard: guardSettings, retention });

const common = { path: "/v1/publishing", tags: ["Publishing"] } as const;

export function addPublishingRoutes(plane: Plane<ControlEnv>): void {
  plane.route(
    {
      ...common,
      method: "get",
      summary: "Whether batches publish by themselves, and what is held back",
      roles: ["erp", "manager", "admin"],
      responses: { 200: { description: "The settings", schema: publishing } },
    },
    async ({ c }) => c.json(await settingsOf(c.env)),
  );

  plane.route(
    {
      ...common,
      method: "put",
      summary: "Turns publishing by itself on or off, and says what is held back",
      description:
        "What is left out stays as it is. When publishing by itself is turned on, what has come in meanwhile is " +
        "published. When the guard is changed, what it holds is published again, to be judged by the new settings.",
      roles: ["manager", "admin"],
      body: z.strictObject({
        autoPublish: autoPublish.optional(),
        guard: guardChange.optional(),
        retention: retention.optional(),
      }),
      responses: { 200: { description: "The settings", schema: publishing } },
    },
    async ({ body, c }) => {
      const publisher = c.env.PUBLISHER.getByName(publisherName);
      if (body.autoPublish !== undefined) await publisher.setAutoPublish(body.autoPublish);
      if (body.guard !== undefined) {
        await publisher.setGuard(changedSettings(await publisher.guard(), body.guard));
      }
      if (body.retention !== undefined) await publisher.setRetention(body.retention);
      return c.json(await settingsOf(c.env));
    },
  );
}

async function settingsOf({ PUBLISHER }: ControlEnv): Promise<z.output<typeof publishing>> {
  const publisher = PUBLISHER.getByName(publisherName);
  return {
    autoPublish: await publisher.autoPublish(),
    guard: await publisher.guard(),
    retention: await publisher.retention(),
  };
}
