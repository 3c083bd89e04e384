// Servers on loopback that answer as a vendor's do.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";

/** How a server answers a request. */
export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

export const json = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));

const running: Vendor[] = [];

/** A server that answers each request as a test says, and counts who comes. */
export class Vendor {
  readonly asked: string[] = [];
  connections = 0;
  readonly #server: Server;

  private constructor(answer: Answering) {
    this.#server = createServer((request, response) => {
      this.asked.push(`${request.method} ${request.url}`);
      answer(request, response);
    });
    this.#server.on("connection", () => (this.connections += 1));
  }

  static async start(answer: Answering): Promise<Vendor> {
    const vendor = new Vendor(answer);
    await new Promise<void>((resolve) => vendor.#server.listen(0, "127.0.0.1", resolve));
    running.push(vendor);
    return vendor;
  }

  static async stopAll(): Promise<void> {
    for (const vendor of running.splice(0)) await vendor.stop();
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
