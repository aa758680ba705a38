// The grammar, with the engine that VS Code uses.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import type { IOnigLib } from "vscode-textmate";

const require = createRequire(import.meta.url);
const { INITIAL, parseRawGrammar, Registry } = require("vscode-textmate") as typeof import("vscode-textmate");
const oniguruma = require("vscode-oniguruma") as typeof import("vscode-oniguruma");

const FILE = "syntaxes/openclaw-json5.tmLanguage.json";

async function scopes(text: string): Promise<Map<string, string>> {
  const wasm = readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
  const onigLib: Promise<IOnigLib> = oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.length)).then(() => ({
    createOnigScanner: (patterns: string[]) => new oniguruma.OnigScanner(patterns),
    createOnigString: (part: string) => new oniguruma.OnigString(part),
  }));
  const registry = new Registry({
    onigLib,
    loadGrammar: async () => parseRawGrammar(readFileSync(FILE, "utf8"), FILE),
  });
  const grammar = await registry.loadGrammar("source.json5.openclaw");
  assert.ok(grammar);
  const found = new Map<string, string>();
  let state = INITIAL;
  for (const line of text.split("\n")) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    for (const token of tokens) {
      found.set(line.slice(token.startIndex, token.endIndex).trim(), token.scopes.slice(1).join(" "));
    }
    state = ruleStack;
  }
  return found;
}

const TEXT = `// openclaw-lint-ignore network/tls: a certificate of its own
{
  /* block
     { } */
  $include: "./parts/agents.json5",
  gateway: { port: +0xFF, 'bind': 'it\\'s', "token": "\${GATEWAY_TOKEN}", literal: "$\${NOT}", }, // trailing
  numbers: [ .5, 1., -Infinity, NaN, 1e3, ],
  more: "one \\
two", $weird_名: null,
}`;

test("JSON5 is shown as what it is, and nothing as invalid", async () => {
  const found = await scopes(TEXT);
  const is = (token: string, scope: string) => {
    assert.ok(found.get(token)?.endsWith(scope), `${token}: ${found.get(token)}, not ${scope}`);
  };
  is("openclaw-lint-ignore", "keyword.other.suppression.json5");
  is("network/tls", "entity.name.tag.json5");
  is("{ } */".replace(" */", ""), "comment.block.json5");
  is("$include", "keyword.control.include.json5");
  is("port", "support.type.property-name.json5");
  is("'bind'", "support.type.property-name.json5");
  is('"token"', "support.type.property-name.json5");
  is("+0xFF", "constant.numeric.json5");
  is("\\'", "string.quoted.single.json5 constant.character.escape.json5");
  is("${GATEWAY_TOKEN}", "string.quoted.double.json5 variable.other.env.json5");
  is("$${NOT}", "string.quoted.double.json5 constant.character.escape.json5");
  for (const number of [".5", "1.", "-Infinity", "NaN", "1e3"]) {
    is(number, "meta.structure.array.json5 constant.numeric.json5");
  }
  is("two", "string.quoted.double.json5");
  is("$weird_名", "support.type.property-name.json5");
  is("null", "constant.language.json5");
  for (const [token, scope] of found) {
    assert.ok(!scope.includes("invalid"), `${token}: ${scope}`);
  }
});
