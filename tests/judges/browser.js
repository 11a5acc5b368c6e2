// Plays a person in front of Chromium for whoever writes a request a line and reads an answer a line, both JSON.
//
// `browser.js NODE_MODULES CHROMIUM`. The first answer is the browser's version.
"use strict";

const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { createInterface } = require("node:readline");

const [modules, executablePath] = process.argv.slice(2);
const { chromium } = require(join(modules, "playwright-core"));
const AXE = readFileSync(join(modules, "axe-core/axe.min.js"), "utf8");

// Milliseconds after which something that is awaited is missing.
const PATIENCE = 20000;
const LOOK_AGAIN = 50;
const HEIGHT = 800;

const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// A page, and what went wrong on it.
class Reader {
  static async open(browser, { base, scheme, width, scripts }) {
    const viewport = { width, height: HEIGHT };
    const context = await browser.newContext({ baseURL: base, colorScheme: scheme, viewport, javaScriptEnabled: scripts });
    context.setDefaultTimeout(PATIENCE);
    return new Reader(await context.newPage(), base);
  }

  constructor(page, base) {
    this.page = page;
    this.found = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.found.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.found.push(`thrown: ${error.message}`));
    page.on("request", (request) => {
      if (!request.url().startsWith(`${base}/`)) this.found.push(`elsewhere: ${request.url()}`);
    });
  }

  async go({ path }) {
    return (await this.page.goto(path)).status();
  }

  async click({ role, name }) {
    await this.page.getByRole(role, { name, exact: true }).click();
  }

  async write({ label, text }) {
    await this.page.getByLabel(label, { exact: true }).fill(text);
  }

  async type({ text }) {
    await this.page.keyboard.type(text);
  }

  async press({ key }) {
    await this.page.keyboard.press(key);
    await this.page.waitForLoadState();
  }

  look({ expression }) {
    return this.page.evaluate(expression);
  }

  async wait({ expression }) {
    const until = Date.now() + PATIENCE;
    while (Date.now() < until) {
      // A page that is just being left can't be asked.
      const found = await this.page.evaluate(expression).catch(() => null);
      if (found) return found;
      await pause(LOOK_AGAIN);
    }
    throw new Error(`never true: ${expression}; the page says ${await this.page.evaluate("document.body.innerText")}`);
  }

  faults() {
    return this.found.splice(0);
  }

  async barriers() {
    await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate("axe.run()");
    const places = (violation) => violation.nodes.map((node) => `${node.target}: ${node.html}`).join(" | ");
    return violations.map((violation) => `${violation.impact}: ${violation.help}: ${places(violation)}`);
  }

  async picture({ file }) {
    await this.page.screenshot({ path: file, fullPage: true });
  }
}

const main = async () => {
  const browser = await chromium.launch({ executablePath });
  const readers = new Map();
  say(browser.version());
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    const { page, ...rest } = request.with;
    try {
      if (request.do === "open") readers.set(page, await Reader.open(browser, rest));
      const answer = request.do === "open" ? null : await readers.get(page)[request.do](rest);
      say({ answer: answer ?? null });
    } catch (fault) {
      say({ fault: String(fault) });
    }
  }
  await browser.close();
};

main();
