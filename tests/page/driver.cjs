// What the drivers have in common: one command as JSON a line on stdin, its answer as JSON a line on stdout.

"use strict";

const readline = require("node:readline");

/** Answers each command in turn; a failure is an answer too. Ends with its input. */
async function serve(commands, end) {
  const lines = readline.createInterface({ input: process.stdin });
  for await (const line of lines) {
    const { do: name, ...given } = JSON.parse(line);
    let answer;
    try {
      answer = { ok: (await commands[name](given)) ?? null };
    } catch (failure) {
      answer = { failed: String(failure?.message ?? failure) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  await end();
  process.exit(0);
}

module.exports = { serve };
