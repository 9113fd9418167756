import { env } from "cloudflare:workers";
import { getTableConfig } from "drizzle-orm/sqlite-core";
import { expect, it } from "vitest";
import { apiKeys } from "../../control-plane/tables/api-keys.ts";
import { pins, segments, snapshots } from "../../control-plane/tables/snapshots.ts";

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
}

it.each([apiKeys, pins, segments, snapshots].map(getTableConfig))(
  "it promises that drizzle reads $name as its migration made it",
  async ({ name, columns }) => {
    const table = env.PUBLISHED.prepare("SELECT * FROM pragma_table_info(?)").bind(name);
    const { results } = await table.all<Column>();
    const made = results.map((column) => [column.name, column.type.toLowerCase(), column.notnull === 1]);
    expect(made).toEqual(columns.map((column) => [column.name, column.getSQLType(), column.notNull]));
  },
);
