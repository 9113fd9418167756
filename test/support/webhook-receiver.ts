import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "vitest";

export interface Message {
  readonly id: string;
  readonly type: string;
  readonly data: {
    readonly snapshot: { readonly id: string; readonly sequence: number };
    readonly token?: string;
    readonly after?: string | null;
  };
}

/** A shop that is told of snapshots, on this machine. It checks each message's signature as the specification says. */
export class WebhookReceiver {
  readonly messages: Message[] = [];
  /** Who may have signed. */
  secrets: string[] = [];
  /** What is answered to the next messages; 204 after that. */
  answers: number[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks).toString("utf8");
        const header = (name: string) => String(request.headers[`webhook-${name}`]);
        const id = header("id");
        if (!this.#isSigned(`${id}.${header("timestamp")}.${body}`, header("signature"))) {
          response.writeHead(401).end();
          return;
        }
        const { type, data } = JSON.parse(body) as Message;
        this.messages.push({ id, type, data });
        response.writeHead(this.answers.shift() ?? 204).end();
      });
    });
  }

  static async open(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await new Promise<void>((resolve) => {
      receiver.#server.listen(0, "127.0.0.1", resolve);
    });
    return receiver;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo; // It listens on TCP.
    return `http://127.0.0.1:${port}/hooks`;
  }

  /** Waits until it has this many messages, and returns them. */
  async wait(count: number): Promise<Message[]> {
    await expect.poll(() => this.messages.length, { timeout: 20_000, interval: 20 }).toBe(count);
    return this.messages;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #isSigned(content: string, signatures: string): boolean {
    return this.secrets.some((secret) => {
      const key = Buffer.from(secret.slice("whsec_".length), "base64");
      const mac = createHmac("sha256", key).update(content).digest("base64");
      return signatures.split(" ").includes(`v1,${mac}`);
    });
  }
}
