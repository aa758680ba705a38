// The real program, spoken to with the protocol library that the extension's client is built on, and with the extension's own
// arguments, settings and kinds of actions. VS Code itself is not part of it.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { CodeAction, Diagnostic, InitializeResult, TextEdit } from "vscode-languageserver-protocol/node";

import { findProgram, type Machine } from "../src/binary";
import { ARGUMENTS, explainArguments, FIX_ALL, SELECTOR } from "../src/documents";
import { readRules } from "../src/rules";
import { changed, preferences } from "../src/settings";

const require = createRequire(import.meta.url);
const protocol = require("vscode-languageserver-protocol/node") as typeof import("vscode-languageserver-protocol/node");

/** The program that cargo built, found as the extension finds the one of its setting. */
function program(): string {
  const machine: Machine = {
    platform: process.platform,
    arch: process.arch,
    environment: process.env,
    home: homedir(),
    isProgram(file) {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    },
  };
  const setting = process.env.OPENCLAW_LINT ?? path.resolve("../../target/debug/openclaw-lint");
  const search = findProgram({ setting, folders: [], trusted: false }, machine);
  assert.ok(search.found, `there is no ${setting}: cargo build`);
  return search.found;
}

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "openclaw-lint-")));
after(() => rmSync(folder, { recursive: true }));

const uriOf = (name: string) => pathToFileURL(path.join(folder, name)).href;

const BAD = '// mine\n{\n  gateway: { port: "18789", mode: "local" },\n  agnts: {},\n}\n';

interface Session {
  readonly connection: import("vscode-languageserver-protocol/node").ProtocolConnection;
  readonly initialized: InitializeResult;
  /** How often the server asked to be asked again. */
  refreshes(): number;
  found(name: string): Promise<Diagnostic[]>;
  end(): Promise<number | null>;
}

async function start(settings: Record<string, unknown>): Promise<Session> {
  const child = spawn(program(), [...ARGUMENTS, "--stdio"], { cwd: homedir(), stdio: ["pipe", "pipe", "inherit"] });
  const exited = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const connection = protocol.createProtocolConnection(
    new protocol.StreamMessageReader(child.stdout),
    new protocol.StreamMessageWriter(child.stdin),
  );
  let refreshes = 0;
  connection.onRequest(protocol.DiagnosticRefreshRequest.type, () => {
    refreshes += 1;
  });
  connection.onRequest(protocol.RegistrationRequest.type, () => {});
  connection.listen();
  const initialized = await connection.sendRequest(protocol.InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: null,
    initializationOptions: preferences((name) => settings[name]),
    // What the client of VS Code says, as far as the server asks about it.
    capabilities: {
      general: { positionEncodings: ["utf-16"] },
      textDocument: {
        diagnostic: { dynamicRegistration: true, relatedDocumentSupport: false },
        publishDiagnostics: { relatedInformation: true, versionSupport: false },
        codeAction: { dataSupport: true, resolveSupport: { properties: ["edit"] } },
      },
      workspace: {
        diagnostics: { refreshSupport: true },
        didChangeWatchedFiles: { dynamicRegistration: true },
        workspaceEdit: { documentChanges: true },
      },
    },
  });
  await connection.sendNotification(protocol.InitializedNotification.type, {});
  return {
    connection,
    initialized,
    refreshes: () => refreshes,
    async found(name) {
      const report = await connection.sendRequest(protocol.DocumentDiagnosticRequest.type, {
        textDocument: { uri: uriOf(name) },
      });
      assert.equal(report.kind, "full");
      return report.kind === "full" ? report.items : [];
    },
    async end() {
      await connection.sendRequest(protocol.ShutdownRequest.type);
      await connection.sendNotification(protocol.ExitNotification.type);
      return exited;
    },
  };
}

async function open(session: Session, name: string, languageId: string, text: string): Promise<void> {
  writeFileSync(path.join(folder, name), text);
  await session.connection.sendNotification(protocol.DidOpenTextDocumentNotification.type, {
    textDocument: { uri: uriOf(name), languageId, version: 1, text },
  });
}

function applied(text: string, edits: readonly TextEdit[]): string {
  const lines = text.split("\n");
  const offset = ({ line, character }: { line: number; character: number }) =>
    lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
  const last = [...edits].sort((one, other) => offset(other.range.start) - offset(one.range.start));
  return last.reduce((now, { range, newText }) => now.slice(0, offset(range.start)) + newText + now.slice(offset(range.end)), text);
}

const codes = (found: readonly Diagnostic[]) => found.map(({ code }) => code);

test("a config: findings, all safe fixes, and nothing left", async () => {
  const session = await start({ openclawVersion: "2026.9.6", lang: "en" });
  assert.equal(session.initialized.serverInfo?.name, "openclaw-lint");
  await open(session, "openclaw.json", "openclaw-json5", BAD);
  const found = await session.found("openclaw.json");
  assert.deepEqual(codes(found), ["schema/wrong-type", "schema/unknown-key"]);
  assert.deepEqual(found[0]?.range.start, { line: 2, character: 19 });

  const params = {
    textDocument: { uri: uriOf("openclaw.json") },
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
    context: { diagnostics: [], only: [FIX_ALL] },
  };
  const actions = (await session.connection.sendRequest(protocol.CodeActionRequest.type, params)) as CodeAction[];
  assert.deepEqual(actions.map(({ kind }) => kind), [FIX_ALL]);
  const [action] = actions;
  assert.ok(action);
  const resolved = await session.connection.sendRequest(protocol.CodeActionResolveRequest.type, action);
  const text = applied(BAD, resolved.edit?.changes?.[uriOf("openclaw.json")] ?? []);
  assert.equal(text, BAD.replace('"18789"', "18789").replace("agnts", "agents"));

  await session.connection.sendNotification(protocol.DidChangeTextDocumentNotification.type, {
    textDocument: { uri: uriOf("openclaw.json"), version: 2 },
    contentChanges: [{ text }],
  });
  assert.deepEqual(await session.found("openclaw.json"), []);
  assert.equal(await session.end(), 0);
});

test("settings that change are heard, and the client is told to ask again", async () => {
  const session = await start({ lang: "en" });
  await open(session, "openclaw.json", "openclaw-json5", BAD);
  const [before] = await session.found("openclaw.json");
  assert.match(String(before?.message), /^[\x20-\x7e\n]+$/);
  const settings: Record<string, unknown> = { lang: "zh-CN", layout: "openclaw" };
  await session.connection.sendNotification(
    protocol.DidChangeConfigurationNotification.type,
    changed((name) => settings[name]),
  );
  for (let waited = 0; session.refreshes() === 0 && waited < 30_000; waited += 20) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.ok(session.refreshes() > 0, "no refresh");
  const [now] = await session.found("openclaw.json");
  assert.match(String(now?.message), /\p{Script=Han}/u);
  assert.equal(await session.end(), 0);
});

test("an env file has findings, whatever language it is shown in", async () => {
  const session = await start({ lang: "en" });
  await open(session, "gateway.env", "dotenv", "LOG_LEVEL=a\nLOG_LEVEL=b\n");
  assert.ok(codes(await session.found("gateway.env")).includes("env/duplicate-key"));
  await open(session, ".env.production", "properties", "LOG_LEVEL=a\nLOG_LEVEL=b\n");
  assert.ok(codes(await session.found(".env.production")).includes("env/duplicate-key"));
  assert.equal(await session.end(), 0);
});

test("the page of a rule, and the rules to choose from", () => {
  const print = (args: readonly string[]) => execFileSync(program(), [...args], { encoding: "utf8" });
  const rules = readRules(print(["rules", "--format", "json", "--lang", "en"]));
  assert.ok(rules.length > 50);
  assert.ok(rules.some(({ label }) => label === "schema/unknown-key"));
  assert.match(print(explainArguments("schema/unknown-key", "en")), /^schema\/unknown-key \(error\)/);
  assert.match(print(explainArguments("schema/unknown-key", "zh-CN")), /\p{Script=Han}/u);
});

test("what the manifest says agrees with the sources", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8"));
  const { languages, configuration, commands } = manifest.contributes;
  assert.ok(languages.some(({ id }: { id: string }) => id === SELECTOR[0]?.language));
  const names = Object.keys(configuration.properties).map((name) => name.replace("openclaw-lint.", ""));
  assert.deepEqual(names, ["path", "openclawVersion", "layout", "lang", "processEnv", "hostChecks", "trace.server"]);
  const extension = readFileSync("src/extension.ts", "utf8");
  for (const { command } of commands) {
    assert.ok(extension.includes(`registerCommand("${command}"`), command);
  }
  // The versions of what is installed together must be one.
  const cargo = readFileSync("../../Cargo.toml", "utf8");
  assert.equal(manifest.version, /^version = "(.*)"$/m.exec(cargo)?.[1]);
});
