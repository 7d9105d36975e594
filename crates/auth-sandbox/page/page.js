// The sign-in page: by e-mail on one side, by QR code on the other.

import { LiveChannel } from "./live.js";

const base = document.documentElement.dataset.base;
const texts = JSON.parse(document.body.dataset.texts);
const element = (id) => document.getElementById(id);
const say = (key, gaps = {}) => texts[key].replace(/\{(\w+)\}/g, (_, name) => String(gaps[name] ?? ""));
const announce = (text) => {
  element("status").textContent = text;
};

/** One call to the host. Status 0 where there was no answer. */
async function call(method, path, { body, token } = {}) {
  const headers = { Accept: "application/json", "Accept-Language": document.documentElement.lang };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (token !== undefined) headers.Authorization = `Bearer ${token}`;
  try {
    const answer = await fetch(`${base}/api/v2/my${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
    });
    const text = await answer.text();
    let data = null;
    try {
      data = JSON.parse(text);
    } catch {
      // A page of a proxy, or nothing.
    }
    // The first API tells a refusal inside of a 200.
    const inner = Number(data?.status);
    const status = answer.status === 200 && inner >= 400 ? inner : answer.status;
    return { status, data, retryAfter: Number(answer.headers.get("Retry-After")) || 0 };
  } catch {
    return { status: 0, data: null, retryAfter: 0 };
  }
}

const isGranted = ({ status, data }) => status >= 200 && status < 300 && data !== null;
const fingerprint = () => btoa(JSON.stringify({ user_agent: navigator.userAgent.replace(/[^\x20-\x7e]/g, "?") }));

// ---- signed in ----

let accessToken = null;

function signedIn(token, email, clientId) {
  accessToken = token;
  code.stop();
  code.state = "signed_in";
  element("sign-in").hidden = true;
  element("signed-in").hidden = false;
  element("done-title").textContent = email ? say("done_as", { email }) : say("done_title");
  element("done-client").textContent = clientId === undefined ? "" : say("done_client", { id: clientId });
  announce(element("done-title").textContent);
  element("done-title").focus();
}

element("sign-out").addEventListener("click", async () => {
  const token = accessToken;
  accessToken = null;
  await call("POST", "/signout", { token });
  element("signed-in").hidden = true;
  element("sign-in").hidden = false;
  mail.startOver();
  announce(say("signed_out"));
  code.start();
});

// ---- by e-mail ----

const mail = {
  uuid: null,
  email: "",
  methods: [],
  needsRecaptcha: false,

  show(step, focus) {
    for (const form of ["credentials", "choice", "second"]) element(form).hidden = form !== step;
    element("error").textContent = "";
    element(focus).focus();
  },

  fail(text, field) {
    element("error").textContent = text;
    field?.setAttribute("aria-invalid", "true");
    field?.focus();
  },

  startOver() {
    element("credentials").reset();
    element("code").value = "";
    this.show("credentials", "email");
  },

  /** What stands against going on, or nothing. */
  refusal(answer, otherwise) {
    if (answer.status === 429) return say("blocked", { seconds: answer.retryAfter });
    if (answer.status === 404) return say("expired");
    if (answer.status === 400 || answer.status === 401 || answer.status === 422) return otherwise;
    return isGranted(answer) ? null : say("failed");
  },

  async enter(email, password) {
    const wizard = await call("GET", "/signin/wizard");
    if (!isGranted(wizard)) return this.fail(this.refusal(wizard, say("failed")));
    const body = { uuid: wizard.data.uuid, email, password, device_fingerprint: fingerprint() };
    // The sandbox takes any proof.
    if (wizard.data.data?.recaptcha?.enabled) body.recaptchaResponse = "sandbox-page";
    const answer = await call("POST", "/signin", { body });
    const refused = this.refusal(answer, say("wrong_credentials"));
    if (refused !== null) return this.fail(refused, element("password"));
    this.email = email;
    this.methods = (answer.data.data?.tfaProviders ?? []).filter(
      ({ enabled, name }) => enabled && (name === "google" || name === "sms"),
    );
    return this.goOn(answer.data);
  },

  /** Where the host's answer leads. */
  goOn({ uuid, workflow, data }) {
    const token = data?.accessToken?.token;
    if (token) return signedIn(token, this.email, undefined);
    this.uuid = uuid;
    if (workflow === "2fa_google_auth") return this.askForCode("google");
    if (workflow === "2fa_sms_auth") return this.askForCode("sms");
    if (workflow === "2fa") return this.askForMethod();
    return this.fail(say("unsupported"));
  },

  askForMethod() {
    // A host may leave its list empty.
    const known = this.methods.length > 0 ? this.methods : [{ name: "google" }, { name: "sms" }];
    const buttons = known.map(({ name, localizedCaption }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "framed";
      button.dataset.method = name;
      button.textContent = localizedCaption ?? name;
      button.addEventListener("click", () => busy(element("choice"), () => this.choose(name)));
      return button;
    });
    element("methods").replaceChildren(...buttons);
    this.show("choice", "choice-title");
  },

  async choose(type) {
    const answer = await call("POST", "/signin/2fa", { body: { uuid: this.uuid, type } });
    const refused = this.refusal(answer, say("failed"));
    if (refused !== null) return this.fail(refused);
    return this.goOn(answer.data);
  },

  askForCode(method) {
    this.method = method;
    element("code").value = "";
    element("code").removeAttribute("aria-invalid");
    element("code-hint").textContent = say(method === "google" ? "code_from_app" : "code_from_sms");
    element("other-method").hidden = this.methods.length < 2;
    this.show("second", "code");
  },

  async check(code) {
    const answer = await call("POST", `/2fa/${this.method}`, { body: { uuid: this.uuid, code } });
    const refused = this.refusal(answer, say("wrong_code"));
    if (refused !== null) return this.fail(refused, element("code"));
    return this.goOn(answer.data);
  },
};

/** Keeps a form from being sent twice. */
async function busy(form, work) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  element("error").textContent = "";
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  try {
    await work();
  } finally {
    form.ariaBusy = null;
  }
}

element("credentials").addEventListener("submit", (event) => {
  event.preventDefault();
  const [email, password] = [element("email").value.trim(), element("password").value];
  if (email === "" || password === "") {
    mail.fail(say("fill_in"), element(email === "" ? "email" : "password"));
    return;
  }
  busy(element("credentials"), () => mail.enter(email, password));
});

element("second").addEventListener("submit", (event) => {
  event.preventDefault();
  const code = element("code").value.replace(/\s/g, "");
  if (code === "") {
    mail.fail(say("fill_in_code"), element("code"));
    return;
  }
  busy(element("second"), () => mail.check(code));
});

element("choice").addEventListener("submit", (event) => event.preventDefault());
element("other-method").addEventListener("click", () => mail.askForMethod());
for (const back of document.querySelectorAll("[data-back]")) back.addEventListener("click", () => mail.startOver());

// ---- by QR code ----

const code = {
  /** Counts codes: what belongs to an earlier one is ignored. */
  turn: 0,
  id: null,
  live: null,
  deadline: 0,
  timers: [],
  failures: 0,
  hasShown: false,

  set state(state) {
    element("qr").dataset.state = state;
  },

  start() {
    this.hasShown = false;
    this.next();
  },

  stop() {
    this.turn += 1;
    this.id = null;
    this.timers.forEach(clearTimeout);
    this.timers = [];
    this.live?.stop();
    this.live = null;
    element("countdown").textContent = "";
    element("picture").replaceChildren();
  },

  /** Covers the code with a text, and a button where the user has to decide what comes next. */
  cover(state, key, canGoOn = false) {
    this.state = state;
    element("qr-message").textContent = say(key);
    element("qr-again").hidden = !canGoOn;
    element("countdown").textContent = "";
    announce(say(key));
  },

  /** A fresh code on a connection that listens before the code is seen. */
  async next() {
    this.turn += 1;
    const turn = this.turn;
    this.timers.forEach(clearTimeout);
    this.timers = [];
    const before = this.id;
    this.id = null;
    const answer = await call("GET", "/signin/qrcodes");
    if (turn !== this.turn) return;
    if (answer.status === 404 || answer.status === 405) {
      this.stop();
      this.cover("not_available", "qr_not_available");
      return;
    }
    const id = answer.data?.id;
    if (!isGranted(answer) || typeof id !== "string") {
      this.later(answer.retryAfter);
      return;
    }
    try {
      this.live ??= new LiveChannel(`${location.origin}${base}/socket.io/`, {
        onEvent: (name, channel, data) => this.hear(name, channel, data),
        onInterrupted: () => this.interrupted(),
      });
      this.id = id;
      const [picture] = await Promise.all([this.draw(id), this.live.subscribe(`qr.${id}`)]);
      if (turn !== this.turn) return;
      if (before !== null) this.live.unsubscribe(`qr.${before}`);
      this.show(picture, answer.data);
    } catch {
      if (turn === this.turn) this.later(0);
    }
  },

  /** The code as a picture. By POST: a URL would be logged. */
  async draw(id) {
    const answer = await fetch(`${base}/_page/qr`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id, host: `${location.origin}${base}` }),
      cache: "no-store",
    });
    if (!answer.ok) throw new Error("no picture");
    return document.importNode(
      new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement,
      true,
    );
  },

  show(picture, { lifetimeMinutes, ip, location: place }) {
    picture.setAttribute("aria-hidden", "true");
    // Whole pixels for a module, so that all are of one size.
    const modules = picture.viewBox.baseVal.width / 8;
    const side = modules * Math.max(1, Math.floor(element("picture").clientWidth / modules));
    picture.setAttribute("width", side);
    picture.setAttribute("height", side);
    element("picture").replaceChildren(picture);
    element("screen").textContent =
      typeof ip !== "string" ? "" : place ? say("screen", { ip, location: place }) : say("screen_nowhere", { ip });
    const minutes = Number(lifetimeMinutes);
    this.deadline = Date.now() + (minutes > 0 ? minutes : 2) * 60_000;
    this.failures = 0;
    this.state = this.hasShown ? "renewed" : "shown";
    announce(say(this.hasShown ? "qr_renewed" : "qr_shown"));
    this.hasShown = true;
    this.tick();
  },

  tick() {
    const seconds = Math.ceil((this.deadline - Date.now()) / 1000);
    if (seconds <= 0) {
      this.expired();
      return;
    }
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    element("countdown").textContent = say("qr_countdown", { time });
    this.timers = [setTimeout(() => this.tick(), 1000)];
  },

  expired() {
    this.cover("expired", "qr_expired");
    this.next();
  },

  /** What was said in the meantime is lost: only a new code helps. */
  interrupted() {
    this.live = null;
    if (this.turn === 0) return;
    this.turn += 1;
    this.id = null;
    this.cover("expired", "qr_interrupted");
    this.later(0);
  },

  later(seconds) {
    this.failures += 1;
    const wait = Math.max(seconds * 1000, Math.min(30_000, 250 * 2 ** this.failures));
    this.timers.forEach(clearTimeout);
    this.timers = [setTimeout(() => this.next(), wait)];
  },

  hear(name, channel, data) {
    if (this.id === null || channel !== `qr.${this.id}`) return;
    const token = data?.authorizationToken;
    if (name === "approved" && typeof token === "string" && /^[\x21-\x7e]{1,4096}$/.test(token)) this.exchange(token);
    if (name === "declined") {
      this.stop();
      this.cover("declined", "qr_declined", true);
    }
    if (name === "expired") this.expired();
  },

  async exchange(authorizationToken) {
    this.stop();
    this.cover("approved", "qr_approved");
    const turn = this.turn;
    const answer = await call("POST", "/signin/qrcodes", {
      body: { deviceFingerprint: fingerprint(), authorizationToken },
    });
    if (turn !== this.turn) return;
    const token = answer.data?.tokens?.accessToken?.token;
    if (isGranted(answer) && token) signedIn(token, answer.data.email, answer.data.clientId);
    else this.cover("failed", "qr_failed", true);
  },
};

element("qr-again").addEventListener("click", () => {
  code.cover("loading", "qr_loading");
  code.start();
});

code.start();
