import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandName } from "../../shared/quoting/command.ts";
import { quoteCommands } from "../../shared/quoting/command.ts";
import { quoteStatuses, type QuoteStatus } from "../../shared/quoting/quote.ts";
import { oneOf } from "./scenario-words.ts";

type Row = Readonly<Record<"buyer" | "seller", ReadonlySet<QuoteStatus>>>;

/** Who may do what from where, as the documentation of quotes says it to its readers. */
export const commandTable: Readonly<Record<CommandName, Row>> = readTable();

function readTable(): Readonly<Record<CommandName, Row>> {
  const text = readFileSync(join(import.meta.dirname, "../../shared/quoting/README.md"), "utf8");
  const rows = new Map<CommandName, Row>();
  for (const line of text.split("\n")) {
    const [, command, buyer = "", seller = ""] =
      /^\| `(\w+)` \| ([^|]*) \| ([^|]*) \| [^|]* \|$/.exec(line) ?? [];
    if (command === undefined) continue;
    rows.set(oneOf(command, quoteCommands), { buyer: statusesOf(buyer), seller: statusesOf(seller) });
  }
  const entries = quoteCommands.map((command) => {
    const row = rows.get(command);
    if (row === undefined) throw new Error(`The documentation has no row for ${command}`);
    return [command, row] as const;
  });
  return Object.fromEntries(entries) as Record<CommandName, Row>;
}

function statusesOf(cell: string): ReadonlySet<QuoteStatus> {
  if (cell === "any") return new Set(quoteStatuses);
  if (cell === "–") return new Set();
  return new Set(cell.split(", ").map((status) => oneOf(status, quoteStatuses)));
}
