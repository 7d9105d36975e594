// The live channel: engine.io 3 under socket.io 2, as laravel-echo-server speaks it. WebSocket first, polling where there is none.

/** Wraps a promise's rejection in time: whoever does not answer within so many milliseconds has failed. */
function within(milliseconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const PATIENCE = 10_000;

/** One connection. `receive` gets packets, `closed` is called once when it is over. */
function overWebSocket(url, receive, closed) {
  const address = new URL(url);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  address.search = "EIO=3&transport=websocket";
  const socket = new WebSocket(address);
  socket.onmessage = (message) => {
    if (typeof message.data === "string") receive(message.data);
  };
  socket.onclose = closed;
  return {
    send: (packet) => socket.send(packet),
    close: () => socket.close(),
  };
}

/** Packets of one polling answer; a length counts UTF-16 units, as JavaScript does. */
function split(body) {
  const packets = [];
  while (body !== "") {
    const colon = body.indexOf(":");
    const length = Number(body.slice(0, colon));
    if (colon < 1 || !Number.isInteger(length) || length < 0) throw new Error("no packets");
    packets.push(body.slice(colon + 1, colon + 1 + length));
    body = body.slice(colon + 1 + length);
  }
  return packets;
}

function overPolling(url, receive, closed) {
  const stop = new AbortController();
  let session = "";
  let sending = Promise.resolve();
  let isOver = false;
  const over = () => {
    if (isOver) return;
    isOver = true;
    stop.abort();
    closed();
  };
  const ask = async (options) => {
    const query = new URLSearchParams({ EIO: "3", transport: "polling", b64: "1", t: Date.now().toString(36) });
    if (session !== "") query.set("sid", session);
    const answer = await fetch(`${url}?${query}`, { ...options, cache: "no-store", signal: stop.signal });
    if (!answer.ok) throw new Error("refused");
    return answer.text();
  };
  const poll = async () => {
    while (!isOver) {
      for (const packet of split(await ask({}))) {
        if (packet.startsWith("0") && session === "") session = JSON.parse(packet.slice(1)).sid;
        if (packet === "1") return;
        receive(packet);
      }
    }
  };
  poll().catch(() => {}).then(over);
  return {
    send(packet) {
      const post = () => ask({ method: "POST", body: `${packet.length}:${packet}`, headers: { "Content-Type": "text/plain;charset=UTF-8" } });
      sending = sending.then(post).catch(over);
    },
    close: over,
  };
}

/** A connection that keeps itself alive. `onEvent(name, channel, data)`, and `onInterrupted()` once when it is lost. */
export class LiveChannel {
  #url;
  #onEvent;
  #onInterrupted;
  #carrier = null;
  #opening = null;
  #heartbeat = 0;
  #pong = 0;
  static #prefersPolling = false;

  constructor(url, { onEvent, onInterrupted }) {
    this.#url = url;
    this.#onEvent = onEvent;
    this.#onInterrupted = onInterrupted;
  }

  /** Resolves when the subscription was sent: the host does not acknowledge it. */
  async subscribe(channel) {
    await this.#open();
    this.#emit("subscribe", { channel, auth: { headers: {} } });
  }

  unsubscribe(channel) {
    if (this.#carrier !== null) this.#emit("unsubscribe", { channel, auth: { headers: {} } });
  }

  /** Ends it; nobody is told. */
  stop() {
    const carrier = this.#carrier;
    this.#forget();
    carrier?.close();
  }

  #emit(name, data) {
    this.#carrier?.send(`42${JSON.stringify([name, data])}`);
  }

  #open() {
    if (this.#carrier !== null) return Promise.resolve();
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #connect() {
    if (!LiveChannel.#prefersPolling) {
      try {
        return await this.#by(overWebSocket);
      } catch {
        // A proxy without WebSocket, or a host that is away: polling tells which.
      }
    }
    await this.#by(overPolling);
    LiveChannel.#prefersPolling = true;
  }

  /** Resolves once the host has greeted on both layers. */
  #by(transport) {
    let carrier = null;
    let isOpen = false;
    const opened = new Promise((resolve, reject) => {
      let handshake = null;
      const receive = (packet) => {
        if (packet.startsWith("0") && handshake === null) {
          handshake = JSON.parse(packet.slice(1));
        } else if (packet === "40" && handshake !== null && !isOpen) {
          isOpen = true;
          this.#carrier = carrier;
          this.#keepAlive(handshake);
          resolve();
        } else if (isOpen) {
          this.#receive(packet);
        }
      };
      const closed = () => {
        reject(new Error("closed"));
        if (isOpen && this.#carrier === carrier) this.#interrupted();
      };
      carrier = transport(this.#url, receive, closed);
    });
    return within(PATIENCE, opened).catch((cause) => {
      carrier?.close();
      throw cause;
    });
  }

  #receive(packet) {
    if (packet.startsWith("3")) {
      clearTimeout(this.#pong);
      return;
    }
    if (packet === "41") {
      this.#interrupted();
      return;
    }
    if (!packet.startsWith("42[")) return;
    let parts;
    try {
      parts = JSON.parse(packet.slice(2));
    } catch {
      return;
    }
    const [name, channel, data] = parts;
    if (typeof name === "string" && typeof channel === "string") this.#onEvent(name, channel, data);
  }

  #keepAlive({ pingInterval, pingTimeout }) {
    const carrier = this.#carrier;
    this.#heartbeat = setInterval(() => {
      clearTimeout(this.#pong);
      this.#pong = setTimeout(() => carrier.close(), pingTimeout || PATIENCE);
      carrier.send("2");
    }, pingInterval || 25_000);
  }

  #forget() {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#pong);
    this.#carrier = null;
  }

  #interrupted() {
    const carrier = this.#carrier;
    this.#forget();
    carrier?.close();
    this.#onInterrupted();
  }
}
