import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/**
 * The network between the browser and the server, which a test can take away.
 *
 * The browser's own switch for being offline leaves what is connected as it is, and reaches the page before it
 * reaches the network: a request in between still goes through.
 */
export class Wire {
  readonly #to: URL;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #port = 0;

  constructor(to: URL) {
    this.#to = to;
  }

  get origin(): string {
    return `http://${this.#to.hostname}:${this.#port}`;
  }

  /** Whoever asks is connected, at the same address as before. */
  async mend() {
    await this.cut();
    this.#server = createServer((browser) => this.#join(browser)).listen(this.#port, this.#to.hostname);
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Every connection ends, and new ones are refused. */
  async cut() {
    if (!this.#server) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#server = null;
    await closed;
  }

  /** What is connected stays so, and nothing comes any more: a cable pulled behind a switch. */
  fallSilent() {
    for (const socket of this.#sockets) socket.pause().unpipe();
    this.#server?.removeAllListeners("connection").on("connection", (browser) => this.#keep(browser.pause()));
  }

  #join(browser: Socket) {
    const server = connect(Number(this.#to.port), this.#to.hostname);
    for (const [from, to] of [
      [browser, server],
      [server, browser],
    ] as const) {
      this.#keep(from).once("close", () => to.destroy());
      from.pipe(to);
    }
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    return socket.on("error", () => null).once("close", () => this.#sockets.delete(socket));
  }
}
