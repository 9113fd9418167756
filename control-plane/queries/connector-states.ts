import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { connectorStates } from "../tables/connectors.ts";

export type ConnectorState = typeof connectorStates.$inferSelect;

export async function findConnectorState(
  database: D1Database,
  connector: string,
): Promise<ConnectorState | undefined> {
  return drizzle(database)
    .select()
    .from(connectorStates)
    .where(eq(connectorStates.connector, connector))
    .get();
}

export async function saveConnectorState(database: D1Database, state: ConnectorState): Promise<void> {
  const { fingerprint, readAt } = state;
  await drizzle(database)
    .insert(connectorStates)
    .values(state)
    .onConflictDoUpdate({ target: connectorStates.connector, set: { fingerprint, readAt } });
}
