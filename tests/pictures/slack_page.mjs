// A page that shows one sample as Slack would: `slack_page.mjs CARDS SAMPLE`, drawn by slack-blocks-to-jsx.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { Message } from "slack-blocks-to-jsx";

const [file, sample] = process.argv.slice(2);
const style = readFileSync(createRequire(import.meta.url).resolve("slack-blocks-to-jsx/dist/style.css"), "utf8");
// The renderer takes `verbatim` for “no markup”; Slack means by it that nothing becomes a link by itself.
const plain = (_key, value) => (value && typeof value === "object" && delete value.verbatim, value);
const { blocks } = JSON.parse(readFileSync(file, "utf8"), plain)[sample];
const names = ["requester-1", "approver-1", "approver-2", "approver-3", "lead-1"];
const users = names.map((name, index) => ({ id: `U00000000${index + 1}`, name }));
const message = createElement(Message, { blocks, logo: "", name: "Countersign", time: new Date(), data: { users } });

console.log(`<!doctype html><meta charset="utf-8"><style>${style}</style><body style="width: 680px; margin: 12px; font-family: sans-serif">`);
console.log(renderToStaticMarkup(message));
