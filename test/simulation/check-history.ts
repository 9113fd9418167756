import { wrongWithReply } from "./check-answers.ts";
import { wrongWithIntake } from "./check-ingest.ts";
import { movesByThemselves, wrongAtRest } from "./check-rest.ts";
import type { Simulated } from "./simulate.ts";
import { Truth } from "./truth.ts";

/** Everything that was wrong in a simulation; nothing, if all promises were kept. */
export function violations(simulated: Simulated): string[] {
  const { control, history, unready } = simulated;
  const truth = new Truth(control);
  return [
    ...unready.map((wrong) => `a snapshot went live unready: ${wrong}`),
    ...truth.heads.flatMap(({ number }, index) =>
      number === index + 1 ? [] : [`head ${number} is out of order`],
    ),
    ...history.asked.flatMap((asked) => wrongWithReply(asked, history, truth)),
    ...movesByThemselves(simulated, truth),
    ...wrongWithIntake(history, truth),
    ...wrongAtRest(simulated, truth),
  ];
}
