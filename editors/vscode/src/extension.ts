// What VS Code calls: starts the server, keeps it told, and has the commands. Decisions are in the other files.

import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { LanguageClient, State as ClientState, TransportKind } from "vscode-languageclient/node";

import { findProgram, type Machine, type Search } from "./binary";
import { ARGUMENTS, explainArguments, FIX_ALL, SELECTOR } from "./documents";
import { readRules, rulesAt } from "./rules";
import { changed, preferences, type Read, SECTION } from "./settings";
import { type State, status } from "./status";

const run = promisify(execFile);

const PAGE = "openclaw-lint-rule";

const machine: Machine = {
  platform: process.platform,
  arch: process.arch,
  environment: process.env,
  home: homedir(),
  isProgram(file) {
    try {
      accessSync(file, constants.X_OK);
      return statSync(file).isFile();
    } catch {
      return false;
    }
  },
};

const read: Read = (name) => vscode.workspace.getConfiguration(SECTION).get(name);

/** The program that is to be run now. */
function search(): Search {
  const setting = read("path");
  return findProgram(
    {
      setting: typeof setting === "string" ? setting : "",
      folders: (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
      trusted: vscode.workspace.isTrusted,
    },
    machine,
  );
}

/** The server, from one start to the next. Starts and stops never overlap. */
class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly output: vscode.LogOutputChannel,
    private readonly item: vscode.LanguageStatusItem,
  ) {}

  restart(): Promise<void> {
    this.queue = this.queue.then(async () => {
      await this.stop();
      await this.start();
    });
    return this.queue;
  }

  end(): Promise<void> {
    this.queue = this.queue.then(() => this.stop());
    return this.queue;
  }

  tell(): void {
    void this.client?.sendNotification("workspace/didChangeConfiguration", changed(read));
    this.show(this.running());
  }

  dispose(): void {
    void this.end();
  }

  private running(): State {
    if (this.client?.state !== ClientState.Running) {
      return { is: "stopped" };
    }
    const info = this.client.initializeResult?.serverInfo;
    return { is: "running", version: info?.version, target: preferences(read).openclawVersion };
  }

  private async start(): Promise<void> {
    const program = search();
    if (program.found === undefined) {
      this.show({ is: "missing" });
      this.output.warn("no program found; looked for:", ...program.looked);
      void this.offerHelp();
      return;
    }
    this.output.info(`${program.found} (${program.by})`);
    this.show({ is: "starting" });
    const client = new LanguageClient(
      SECTION,
      "openclaw-lint",
      { command: program.found, args: [...ARGUMENTS], transport: TransportKind.stdio, options: { cwd: homedir() } },
      {
        documentSelector: [...SELECTOR],
        initializationOptions: preferences(read),
        outputChannel: this.output,
        markdown: { isTrusted: false, supportHtml: false },
      },
    );
    client.onDidChangeState(({ newState }) => {
      if (this.client === client) {
        this.show(newState === ClientState.Starting ? { is: "starting" } : this.running());
      }
    });
    this.client = client;
    try {
      await client.start();
      this.show(this.running());
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.output.error(why);
      this.show({ is: "failed", why });
    }
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      // One that never came up cannot be stopped.
      this.output.debug(String(error));
    }
  }

  private async offerHelp(): Promise<void> {
    const settings = "Set the path";
    const said = read("path") ? "The program of openclaw-lint.path is not there." : "openclaw-lint is not installed.";
    if ((await vscode.window.showWarningMessage(said, settings)) === settings) {
      await vscode.commands.executeCommand("workbench.action.openSettings", `${SECTION}.path`);
    }
  }

  private show(state: State): void {
    const now = status(state);
    const severities = {
      information: vscode.LanguageStatusSeverity.Information,
      warning: vscode.LanguageStatusSeverity.Warning,
      error: vscode.LanguageStatusSeverity.Error,
    };
    this.item.text = now.text;
    this.item.detail = now.detail;
    this.item.severity = severities[now.severity];
    this.item.busy = now.busy;
    this.item.command = now.restart
      ? { command: "openclaw-lint.restart", title: "Restart" }
      : { command: "openclaw-lint.showOutput", title: "Output" };
  }
}

/** What a call of the program prints; nothing, after a message, where it cannot be run. */
async function printed(args: readonly string[]): Promise<string | undefined> {
  const program = search();
  if (program.found === undefined) {
    void vscode.window.showWarningMessage("openclaw-lint is not installed, or its path is wrong.");
    return undefined;
  }
  try {
    return (await run(program.found, [...args], { cwd: homedir(), windowsHide: true })).stdout;
  } catch (error) {
    void vscode.window.showWarningMessage(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

async function explainRule(asked: unknown): Promise<void> {
  const rule = typeof asked === "string" ? asked : await chosenRule();
  if (rule === undefined) {
    return;
  }
  const uri = vscode.Uri.from({ scheme: PAGE, path: `/${rule}.txt`, query: rule });
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), {
    preview: true,
    viewColumn: vscode.ViewColumn.Beside,
  });
}

/** The only rule in the cursor's line, or one that the person picks: of the line first, of all otherwise. */
async function chosenRule(): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const findings = editor === undefined ? [] : vscode.languages.getDiagnostics(editor.document.uri);
  const here = rulesAt(findings, editor?.selection.active.line ?? 0);
  if (here.length === 1) {
    return here[0];
  }
  if (here.length > 1) {
    return vscode.window.showQuickPick(here, { title: "Explain a rule" });
  }
  const { lang } = preferences(read);
  const rules = readRules((await printed(["rules", "--format", "json", ...(lang ? ["--lang", lang] : [])])) ?? "");
  return (await vscode.window.showQuickPick(rules, { title: "Explain a rule", matchOnDetail: true }))?.label;
}

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel("openclaw-lint", { log: true });
  const item = vscode.languages.createLanguageStatusItem(SECTION, [...SELECTOR]);
  item.name = "openclaw-lint";
  const own = new Server(output, item);
  server = own;
  context.subscriptions.push(
    output,
    item,
    vscode.commands.registerCommand("openclaw-lint.restart", () => own.restart()),
    vscode.commands.registerCommand("openclaw-lint.showOutput", () => output.show()),
    vscode.commands.registerCommand("openclaw-lint.explainRule", explainRule),
    vscode.commands.registerCommand("openclaw-lint.fixAll", () =>
      vscode.commands.executeCommand("editor.action.sourceAction", { kind: FIX_ALL, apply: "first" }),
    ),
    vscode.workspace.registerTextDocumentContentProvider(PAGE, {
      provideTextDocumentContent: async (uri) => (await printed(explainArguments(uri.query, preferences(read).lang))) ?? "",
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`${SECTION}.path`)) {
        void own.restart();
      } else if (change.affectsConfiguration(SECTION)) {
        own.tell();
      }
    }),
    // The folder's own program and settings may be used from now on.
    vscode.workspace.onDidGrantWorkspaceTrust(() => own.restart()),
  );
  await own.restart();
}

export function deactivate(): Promise<void> | undefined {
  return server?.end();
}
