// The clients that web pages use, steered by commands: socket.io-client 2, bare or under Laravel Echo.

"use strict";

const path = require("node:path");
const { pathToFileURL } = require("node:url");
const io = require("socket.io-client");
const { serve } = require("./driver.cjs");

// Its CommonJS file is not taken for one by Node: the package calls itself a module.
const ECHO = path.join(path.dirname(require.resolve("laravel-echo")), "echo.js");
const GUARD = 60_000;
const seen = [];
const waiting = [];
let echo = null;
let socket = null;

function note(what) {
  seen.push(what);
  for (const look of waiting.splice(0)) look();
}

const commands = {
  async connect({ url, transports, headers, bare }) {
    const options = { transports, reconnectionDelay: 20, reconnectionDelayMax: 50, forceNew: true };
    if (bare) {
      socket = io(url, options);
    } else {
      const { default: Echo } = await import(pathToFileURL(ECHO));
      echo = new Echo({ broadcaster: "socket.io", client: io, host: url, auth: { headers }, ...options });
      socket = echo.connector.socket;
    }
    socket.on("connect", () => note("connect"));
    socket.on("disconnect", () => note("disconnect"));
    socket.on("subscription_error", (channel, status) => note(["subscription_error", channel, status]));
  },
  /** Echo subscribes again by itself after an interruption; the bare client is told to. */
  async subscribe({ channel, event, headers, isPrivate }) {
    if (echo !== null) {
      const listening = isPrivate ? echo.private(channel) : echo.channel(channel);
      listening.listen(`.${event}`, (data) => note([event, channel, data]));
      return;
    }
    const subscribe = () => socket.emit("subscribe", { channel, auth: { headers } });
    if (socket.connected) subscribe();
    socket.on("connect", subscribe);
    socket.on(event, (from, data) => note([event, from, data]));
  },
  async leave({ channel }) {
    echo.leave(channel);
  },
  /** The next thing that happened. */
  async next() {
    const guard = Date.now() + GUARD;
    while (seen.length === 0) {
      if (Date.now() > guard) throw new Error("nothing happened");
      await new Promise((resolve) => {
        waiting.push(resolve);
        setTimeout(resolve, GUARD).unref();
      });
    }
    return seen.shift();
  },
};

serve(commands, async () => socket?.close());
