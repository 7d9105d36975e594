// A real browser, steered by commands. Whatever the page complains of is kept, and every request that leaves the host.

"use strict";

const fs = require("node:fs");
const { chromium } = require("playwright-core");
const { serve } = require("./driver.cjs");

const GUARD = 60_000;
const problems = [];
let browser = null;
let page = null;

const commands = {
  async open({ program, url, scheme, language, width, height, more = [] }) {
    browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox", "--disable-dev-shm-usage", ...more] });
    const context = await browser.newContext({
      colorScheme: scheme,
      locale: language,
      viewport: { width, height },
      reducedMotion: "reduce",
    });
    page = await context.newPage();
    page.setDefaultTimeout(GUARD);
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
    });
    page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
    const origin = new URL(url).origin;
    page.on("request", (request) => {
      if (!request.url().startsWith(`${origin}/`)) problems.push(`asks elsewhere: ${request.url()}`);
    });
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective}`));
    });
    await page.goto(url);
  },
  async go({ url }) {
    await page.goto(url);
  },
  /** What a script of the page itself would come to: the value of an expression, or of its promise. */
  async evaluate({ script }) {
    return page.evaluate(script);
  },
  /** Waits until it is visible and gives its text. */
  async wait({ selector }) {
    const found = page.locator(selector);
    await found.waitFor({ state: "visible" });
    return found.innerText();
  },
  async text({ selector }) {
    return page.locator(selector).textContent();
  },
  async fill({ selector, text }) {
    await page.locator(selector).fill(text);
  },
  async click({ selector }) {
    await page.locator(selector).click();
  },
  async type({ text }) {
    await page.keyboard.type(text);
  },
  async press({ key }) {
    await page.keyboard.press(key);
  },
  /** The id of what has the focus. */
  async focused() {
    return page.evaluate(() => document.activeElement?.id ?? "");
  },
  async picture({ file }) {
    await page.screenshot({ path: file });
  },
  /** What axe finds wrong for people with disabilities. */
  async barriers() {
    await page.evaluate(fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  },
  async problems() {
    return problems;
  },
};

serve(commands, () => browser?.close());
