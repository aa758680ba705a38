// What runs inside of VS Code, in the process of its extensions: the extension as it is, through VS Code's own interface.

import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";

const BAD = '// mine\n{\n  gateway: { port: "18789", mode: "local" },\n  agnts: {},\n}\n';
const GOOD = BAD.replace('"18789"', "18789").replace("agnts", "agents");

/** Longer than anything takes on a busy machine. */
const PATIENCE = 60_000;

function folder(): vscode.Uri {
  const first = vscode.workspace.workspaceFolders?.[0];
  assert.ok(first, "no folder is open");
  return first.uri;
}

const file = (name: string) => vscode.Uri.joinPath(folder(), name);

async function until(what: string, is: () => boolean | PromiseLike<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!(await is())) {
    assert.ok(Date.now() < end, `never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const found = (uri: vscode.Uri) =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "openclaw-lint");

const code = (diagnostic: vscode.Diagnostic) =>
  typeof diagnostic.code === "object" ? diagnostic.code.value : diagnostic.code;

const tests: Record<string, () => Promise<void>> = {
  async "a config is JSON5, its findings are there, and nobody else complains"() {
    const document = await vscode.workspace.openTextDocument(file("openclaw.json"));
    await vscode.window.showTextDocument(document);
    assert.equal(document.languageId, "openclaw-json5");
    await until("two findings", () => found(document.uri).length === 2);
    const [first] = found(document.uri);
    assert.ok(first);
    assert.equal(code(first), "schema/wrong-type");
    assert.deepEqual([first.range.start.line, first.range.start.character], [2, 19]);
    assert.equal(vscode.languages.getDiagnostics(document.uri).length, 2);
  },

  async "settings count at once"() {
    const uri = file("openclaw.json");
    const settings = vscode.workspace.getConfiguration("openclaw-lint");
    await settings.update("lang", "zh-CN", vscode.ConfigurationTarget.Global);
    await until("Chinese", () => found(uri).some(({ message }) => /\p{Script=Han}/u.test(message)));
    await settings.update("lang", "en", vscode.ConfigurationTarget.Global);
    await until("English", () => found(uri).length > 0 && found(uri).every(({ message }) => !/\p{Script=Han}/u.test(message)));
  },

  async "a quick fix is offered where the finding is"() {
    const uri = file("openclaw.json");
    const [first] = found(uri);
    assert.ok(first);
    const offered = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      uri,
      first.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    assert.ok(offered.some(({ isPreferred, kind }) => isPreferred && kind?.value === "quickfix"));
  },

  async "the command applies all safe fixes"() {
    const document = await vscode.workspace.openTextDocument(file("openclaw.json"));
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("openclaw-lint.fixAll");
    await until("the fixed text", () => document.getText() === GOOD);
    await until("no findings", () => found(document.uri).length === 0);
    await document.save();
  },

  async "on save, when the person wants that"() {
    const editor = vscode.workspace.getConfiguration("editor");
    await editor.update(
      "codeActionsOnSave",
      { "source.fixAll.openclaw-lint": "explicit" },
      vscode.ConfigurationTarget.Global,
    );
    const document = await vscode.workspace.openTextDocument(file("openclaw.json"));
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), BAD);
    await vscode.workspace.applyEdit(edit);
    await until("two findings", () => found(document.uri).length === 2);
    await document.save();
    assert.equal(fs.readFileSync(document.uri.fsPath, "utf8"), GOOD);
  },

  async "env files"() {
    for (const name of [".env", "gateway.env"]) {
      const document = await vscode.workspace.openTextDocument(file(name));
      assert.equal(document.languageId, "dotenv", name);
      await until(`findings in ${name}`, () => found(document.uri).some((each) => code(each) === "env/duplicate-key"));
    }
  },

  async "hover and completion"() {
    const document = await vscode.workspace.openTextDocument(file("openclaw.json"));
    const at = (part: string) => document.positionAt(document.getText().indexOf(part) + 1);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", document.uri, at("port"));
    const text = hovers.flatMap(({ contents }) => contents.map((part) => (typeof part === "string" ? part : part.value))).join("\n");
    assert.match(text, /gateway\.port/);
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      document.uri,
      at("port"),
    );
    assert.ok(list.items.some(({ label }) => (typeof label === "string" ? label : label.label) === "bind"));
  },

  async "the page of a rule"() {
    await vscode.commands.executeCommand("openclaw-lint.explainRule", "schema/unknown-key");
    await until("the page", () => vscode.window.activeTextEditor?.document.uri.scheme === "openclaw-lint-rule");
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? "", /^schema\/unknown-key \(error\)/);
  },

  async "a program that is not there is said, and a restart finds it again"() {
    const settings = vscode.workspace.getConfiguration("openclaw-lint");
    const program = settings.get("path");
    const uri = file("broken.openclaw.json");
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    await until("a finding", () => found(uri).length === 1);
    await settings.update("path", "/no/such/program", vscode.ConfigurationTarget.Global);
    await until("no findings without a server", () => found(uri).length === 0);
    await settings.update("path", program, vscode.ConfigurationTarget.Global);
    await until("a finding again", () => found(uri).length === 1);
    await vscode.commands.executeCommand("openclaw-lint.restart");
    await until("a finding after a restart", () => found(uri).length === 1);
  },
};

/** Called by VS Code. What came of it is written beside the folder, for the program that started VS Code. */
export async function run(): Promise<void> {
  const results: { name: string; error?: string }[] = [];
  for (const [name, test] of Object.entries(tests)) {
    try {
      await test();
      results.push({ name });
    } catch (error) {
      results.push({ name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
    const summary = { version: vscode.version, app: vscode.env.appName, all: Object.keys(tests).length, results };
    fs.writeFileSync(path.join(folder().fsPath, "..", "results.json"), JSON.stringify(summary));
  }
}
