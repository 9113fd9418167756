import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import type { OrderTaker, Placed, QuotedOrder } from "../../../shared/quoting/order.ts";
import { FakeErp, randomFates, type Booked } from "../fake-erp.ts";

interface ErpEnv {
  readonly BOOKS: DurableObjectNamespace<Books>;
}

/** The ERP's only memory, in which it is the same for all who ask. Its faults are set over HTTP. */
export class Books extends DurableObject<ErpEnv> implements OrderTaker {
  readonly #erp = new FakeErp({ now: () => Date.now() });

  find(order: string): Promise<string | undefined> {
    return this.#erp.find(order);
  }

  place(order: QuotedOrder): Promise<Placed> {
    return this.#erp.place(order);
  }

  booked(): readonly Booked[] {
    return this.#erp.booked;
  }

  setFaults({ seed, percent }: { readonly seed: number; readonly percent: number }): void {
    this.#erp.setFates(randomFates(seed, percent));
  }
}

/** What an edge has as `ORDERS`. */
export class Orders extends WorkerEntrypoint<ErpEnv> implements OrderTaker {
  async find(order: string): Promise<string | undefined> {
    return this.env.BOOKS.getByName("books").find(order);
  }

  async place(order: QuotedOrder): Promise<Placed> {
    return this.env.BOOKS.getByName("books").place(order);
  }
}

/** `GET /`: what it has booked, in order. `PUT /faults {"seed", "percent"}`: how many of its calls go wrong. */
export default {
  async fetch(request, env) {
    const books = env.BOOKS.getByName("books");
    if (request.method === "GET") return Response.json(await books.booked());
    await books.setFaults(await request.json());
    return new Response(null, { status: 204 });
  },
} satisfies ExportedHandler<ErpEnv>;
