import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { load, type Prepared } from "./load.ts";

/** A server, and the process whose time its answers take. */
export interface Server {
  readonly port: number;
  readonly process: ChildProcess;
}

/** Something that answers, and what it is compared with. */
export interface Contestant {
  readonly name: string;
  readonly server: Server;
  readonly requests: readonly Prepared[];
  /** The other one's name. */
  readonly against?: string;
  /** How many times the other's answers a second it should give. */
  readonly target?: number;
}

/** One line of a table. */
export interface Compared {
  readonly answer: string;
  readonly "a second": number;
  readonly "µs of processor": number;
  readonly against?: string;
  readonly times?: string;
  readonly target?: string;
}

const rounds = 61;
// V8 compiles what is hot step by step, the last step after thousands of answers.
const warmUpMilliseconds = 5_000;
const roundMilliseconds = 200;

/**
 * Lets these answer in turn, in many short rounds, so that whatever else the machine does meets all of them alike. A
 * ratio is the median of the rounds' ratios, with the range that the middle half of them lie in.
 */
export async function compare(contestants: readonly Contestant[]): Promise<Compared[]> {
  const measured = contestants.map((contestant) => ({
    ...contestant,
    rates: [] as number[],
    // Each load goes on where the one before ended, so that what is asked for the first time is that in every round.
    next: 0,
    answers: 0,
    milliseconds: 0,
  }));
  for (const one of measured) {
    one.next = (await load(one.server.port, one.requests, warmUpMilliseconds)).answers;
  }
  for (let round = 0; round < rounds; round++) {
    for (const one of measured) {
      const before = processorMilliseconds(one.server.process);
      const { answers, seconds } = await load(one.server.port, one.requests, roundMilliseconds, one.next);
      one.next += answers;
      one.milliseconds += processorMilliseconds(one.server.process) - before;
      one.answers += answers;
      one.rates.push(answers / seconds);
    }
  }
  return measured.map(({ name, rates, answers, milliseconds, against, target }) => {
    const row = {
      answer: name,
      "a second": Math.round(quantile(rates, 0.5)),
      "µs of processor": Math.round((milliseconds * 1000) / answers),
    };
    const other = measured.find((one) => one.name === against);
    if (other === undefined) return row;
    const ratios = rates.map((rate, round) => rate / (other.rates[round] ?? NaN));
    const [low, middle, high] = [0.25, 0.5, 0.75].map((part) => quantile(ratios, part).toFixed(2));
    return {
      ...row,
      against: other.name,
      times: `${middle} (${low}–${high})`,
      ...(target === undefined ? {} : { target: target.toFixed(2) }),
    };
  });
}

/** How long the process has kept a processor busy; on Linux, where it can be read. */
function processorMilliseconds({ pid }: ChildProcess): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return NaN;
  // Behind the name in brackets, which may hold spaces: the 14th and 15th field of the line, in hundredths of a second.
  const fields = readFileSync(file, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? NaN;
}
