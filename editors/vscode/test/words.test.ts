// Settings, rules and the status item.

import assert from "node:assert/strict";
import { test } from "node:test";

import { explainArguments } from "../src/documents";
import { readRules, rulesAt } from "../src/rules";
import { changed, preferences } from "../src/settings";
import { status } from "../src/status";

const read = (settings: Record<string, unknown>) => (name: string) => settings[name];

test("settings that say nothing are not sent", () => {
  assert.deepEqual(preferences(read({})), { processEnv: false, hostChecks: false });
  const auto = { openclawVersion: "auto", layout: "auto", lang: "auto", processEnv: false, hostChecks: false };
  assert.deepEqual(preferences(read(auto)), { processEnv: false, hostChecks: false });
  const wrong = { openclawVersion: 7, layout: "other", lang: "xx", processEnv: "yes", hostChecks: 1 };
  assert.deepEqual(preferences(read(wrong)), { processEnv: false, hostChecks: false });
});

test("settings that say something are", () => {
  const all = { openclawVersion: " 2026.9.6 ", layout: "guide", lang: "zh-CN", processEnv: true, hostChecks: true };
  const expected = { ...all, openclawVersion: "2026.9.6" };
  assert.deepEqual(preferences(read(all)), expected);
  assert.deepEqual(changed(read(all)), { settings: { "openclaw-lint": expected } });
});

test("the rules of a line are those of this linter, each once", () => {
  const finding = (line: number, code: unknown, source = "openclaw-lint") =>
    ({ source, code, range: { start: { line }, end: { line: line + 1 } } }) as Parameters<typeof rulesAt>[0][number];
  const findings = [
    finding(1, { value: "schema/unknown-key", target: "https://docs.openclaw.ai/" }),
    finding(2, "schema/unknown-key"),
    finding(2, "env/duplicate-key"),
    finding(2, "quotes", "eslint"),
    finding(2, 7),
    finding(5, "network/tls"),
  ];
  assert.deepEqual(rulesAt(findings, 2), ["schema/unknown-key", "env/duplicate-key"]);
  assert.deepEqual(rulesAt(findings, 9), []);
});

test("a list of rules that is none is empty", () => {
  assert.deepEqual(readRules('[{ "id": "a/b", "summary": "S" }, { "id": 1 }, null]'), [{ label: "a/b", detail: "S" }]);
  assert.deepEqual(readRules("error: nothing"), []);
  assert.deepEqual(readRules("{}"), []);
});

test("a rule cannot be taken for an option", () => {
  const page = ["explain", "--color", "never", "--width", "100"];
  assert.deepEqual(explainArguments("--help", undefined), [...page, "--", "--help"]);
  assert.deepEqual(explainArguments("a/b", "zh-CN"), [...page, "--lang", "zh-CN", "--", "a/b"]);
});

test("the status item says what is going on, and offers what helps", () => {
  const running = status({ is: "running", version: "0.1.0", target: "2026.9.6" });
  assert.equal(`${running.text}: ${running.detail}`, "openclaw-lint 0.1.0: judges by OpenClaw 2026.9.6");
  assert.equal(status({ is: "running", version: undefined, target: undefined }).text, "openclaw-lint");
  assert.equal(status({ is: "starting" }).busy, true);
  for (const state of [{ is: "stopped" }, { is: "missing" }, { is: "failed", why: "spawn EACCES" }] as const) {
    assert.equal(status(state).restart, true);
    assert.notEqual(status(state).severity, "information");
  }
  assert.equal(status({ is: "failed", why: "spawn EACCES" }).detail, "spawn EACCES");
});
