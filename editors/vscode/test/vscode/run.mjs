// The extension in VS Code itself: the server of code-server, an open build of VS Code that npm has, with its window in Chromium.
// Without them (see .ci/run) it says so and is over.
//
//   VSCODE_TOOLS=folder node test/vscode/run.mjs     where npm installed code-server, node 24 and playwright-core
//   CHROMIUM=program                                 the browser

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const tools = process.env.VSCODE_TOOLS && path.resolve(process.env.VSCODE_TOOLS, "node_modules");
const browser = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/google-chrome"].find(existsSync);
const program = path.resolve(process.env.OPENCLAW_LINT ?? "../../target/debug/openclaw-lint");
const PATIENCE = Number(process.env.PATIENCE ?? 300_000);

if (!tools || !existsSync(path.join(tools, "code-server")) || !browser) {
  console.log("no VS Code or no Chromium here: the extension is not tested in them");
  process.exit(0);
}

// Installed without scripts, it lacks what those would compile. Of that only the watchdog has to be there, which ends extensions
// when their parent is gone; and the log, which would complain on every line.
const stubs = {
  "@vscode/native-watchdog": "exports.start = () => {};\n",
  "@vscode/spdlog": `const none = () => {};
const logger = { setLevel: none, getLevel: none, setPattern: none, clearFormatters: none, flush: none, drop: none };
for (const level of ["trace", "debug", "info", "warn", "error", "critical"]) logger[level] = none;
exports.setLevel = exports.setFlushOn = none;
exports.createRotatingLogger = exports.createAsyncRotatingLogger = async () => logger;
`,
};
for (const [name, text] of Object.entries(stubs)) {
  const folder = path.join(tools, "code-server/lib/vscode/node_modules", name);
  if (!existsSync(path.join(folder, "build"))) {
    writeFileSync(path.join(folder, "index.js"), text);
  }
}

const root = mkdtempSync(path.join(tmpdir(), "openclaw-lint-vscode-"));
const folder = path.join(root, "work");
const results = path.join(root, "results.json");
const write = (name, text) => {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), text);
};
write("work/openclaw.json", '// mine\n{\n  gateway: { port: "18789", mode: "local" },\n  agnts: {},\n}\n');
write("work/broken.openclaw.json", '{ gateway: { mode: "local", prt: 1 } }\n');
write("work/.env", "LOG_LEVEL=a\nLOG_LEVEL=b\n");
write("work/gateway.env", "LOG_LEVEL=a\nLOG_LEVEL=b\n");
const settings = { "openclaw-lint.path": program, "openclaw-lint.lang": "en", "security.workspace.trust.enabled": false };
// Those of the machine: what the person sets meanwhile is kept by the browser.
write("user/Machine/settings.json", JSON.stringify(settings));

const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
const server = spawn(
  path.join(tools, "node/bin/node"),
  [
    path.join(tools, "code-server/lib/vscode/out/server-main.js"),
    ...["--host", "127.0.0.1", "--port", String(port), "--without-connection-token", "--accept-server-license-terms"],
    ...["--server-data-dir", path.join(root, "server"), "--user-data-dir", path.join(root, "user")],
    ...["--extensions-dir", path.join(root, "extensions"), "--telemetry-level", "off", "--enable-smoke-test-driver"],
  ],
  { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, HOME: root } },
);
let said = "";
for (const stream of [server.stdout, server.stderr]) {
  stream.on("data", (data) => (said += data));
}
await waitFor(() => said.includes("Extension host agent listening"), 60_000);

const { chromium } = createRequire(path.join(tools, "x.js"))("playwright-core");
const window = await chromium.launch({ executablePath: browser, args: ["--no-sandbox"] });
let code = 1;
try {
  const page = await window.newPage({ viewport: { width: 1280, height: 800 } });
  const log = [];
  page.on("console", (message) => log.push(message.text()));
  const remote = (file) => `vscode-remote://127.0.0.1:${port}${path.resolve(file)}`;
  const payload = [
    ["extensionDevelopmentPath", remote(".")],
    ["extensionTestsPath", remote("dist-test/vscode/suite.js")],
  ];
  const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
  await page.goto(`http://127.0.0.1:${port}/?${query}`);
  let seen;
  await waitFor(() => (seen = readResults())?.results.length === seen?.all && seen, PATIENCE).catch(async (error) => {
    await page.screenshot({ path: path.join(tmpdir(), "openclaw-lint-vscode.png") });
    console.error(seen, log.join("\n"), said);
    throw error;
  });
  if (process.env.SCREENSHOT) {
    await page.screenshot({ path: process.env.SCREENSHOT });
  }
  console.log(`${seen.app} ${seen.version}`);
  for (const { name, error } of seen.results) {
    console.log(error === undefined ? `ok: ${name}` : `FAILED: ${name}\n${error}`);
  }
  const extension = log.filter((line) => line.includes("[Extension Host]"));
  code = seen.results.every(({ error }) => error === undefined) ? 0 : 1;
  if (code !== 0) {
    console.error(extension.join("\n"));
  }
} finally {
  await window.close();
  const gone = new Promise((resolve) => server.on("exit", resolve));
  server.kill();
  await gone;
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
}
process.exit(code);

/** Half a file is none. */
function readResults() {
  try {
    return JSON.parse(readFileSync(results, "utf8"));
  } catch {
    return undefined;
  }
}

async function waitFor(is, patience) {
  const end = Date.now() + patience;
  while (!is()) {
    if (Date.now() > end || server.exitCode !== null) {
      throw new Error("VS Code did not get there");
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
