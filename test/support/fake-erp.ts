import { WorkerEntrypoint } from "cloudflare:workers";
import type { OrderTaker, Placed, QuotedOrder } from "../../shared/quoting/order.ts";

/** What goes wrong with the next calls, one after another. */
export type ErpFault = "unavailable" | "lost_answer" | "lost_answer_of_find";

interface Taken {
  readonly order: QuotedOrder;
  readonly erpOrder: string;
}

const taken: Taken[] = [];
const faults: ErpFault[] = [];

/** An ERP that books whatever it is told to, twice if it is told twice, and is as unreliable as it is asked to be. */
export default class FakeErp extends WorkerEntrypoint implements OrderTaker {
  /** For tests: what it has booked, and what is to go wrong. */
  override async fetch(request: Request): Promise<Response> {
    if (request.method === "PUT") faults.push(...(await request.json<ErpFault[]>()));
    return Response.json(taken);
  }

  async place(order: QuotedOrder): Promise<Placed> {
    const fault = faults.shift();
    if (fault === "unavailable") throw new Error("503 from the ERP");
    const erpOrder = `SO-${taken.length + 1}`;
    taken.push({ order, erpOrder });
    if (fault === "lost_answer") throw new Error("The connection to the ERP was lost");
    return { kind: "placed", erpOrder };
  }

  async find(order: string): Promise<string | undefined> {
    if (faults[0] === "lost_answer_of_find") {
      faults.shift();
      throw new Error("The connection to the ERP was lost");
    }
    return taken.find((one) => one.order.id === order)?.erpOrder;
  }
}
