import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

/** The SQL storage of a Durable Object, which outlives the object's instances. */
export class SqliteStorage {
  readonly #database = new DatabaseSync(":memory:");
  readonly #statements = new Map<string, StatementSync>();

  readonly sql = {
    exec: (sql: string, ...values: SQLInputValue[]) => {
      // Only what binds nothing has several statements.
      if (values.length === 0 && sql.trim().includes(";\n")) {
        this.#database.exec(sql);
        return cursorOf([]);
      }
      const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
      this.#statements.set(sql, statement);
      return cursorOf(statement.all(...values));
    },
  };

  transactionSync<Result>(work: () => Result): Result {
    if (this.#database.isTransaction) return this.#nested(work);
    return this.#within("BEGIN", "COMMIT", "ROLLBACK", work);
  }

  #nested<Result>(work: () => Result): Result {
    return this.#within("SAVEPOINT nested", "RELEASE nested", "ROLLBACK TO nested", work);
  }

  #within<Result>(begin: string, commit: string, rollback: string, work: () => Result): Result {
    this.#database.exec(begin);
    try {
      const result = work();
      this.#database.exec(commit);
      return result;
    } catch (error) {
      this.#database.exec(rollback);
      throw error;
    }
  }
}

function cursorOf(rows: readonly object[]) {
  return {
    toArray: () => [...rows],
    one: () => rows[0],
    [Symbol.iterator]: () => rows[Symbol.iterator](),
  };
}
