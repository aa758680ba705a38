// Asks OpenClaw's own validator about many configs in one process.
//
//   node validate.mjs PACKAGE HOME [--starts] < cases.jsonl > verdicts.jsonl
//
// PACKAGE is the folder of the npm package `openclaw`, HOME an empty folder that serves as the account's home. Each case
// is { id, text, bytes?, env?, files? }; the answer repeats it and adds valid, issues, warnings and legacy. Of what
// OpenClaw says only the paths are kept. With --starts it also adds start, what becomes of the config when the gateway
// starts: "accepted", "migrates" (its migrations change the config, and the result is accepted), "refused".
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

const [packageFolder, homeFolder] = process.argv.slice(2, 4).map((argument) => resolve(argument));
const asksForStarts = process.argv.includes("--starts");
const dist = join(packageFolder, "dist");
const state = join(homeFolder, ".openclaw");
const answer = process.stdout.write.bind(process.stdout);
// The validator talks; only answers may go to standard output.
for (const method of ["log", "info", "warn", "error", "debug"]) console[method] = () => {};
process.stdout.write = () => true;

/** The environment of every case, besides its own. */
const ENVIRONMENT = { HOME: homeFolder, PATH: "/usr/bin:/bin", LANG: "C.UTF-8" };

function setEnvironment(own = {}) {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, ENVIRONMENT, own);
}

/** A function that a bundle of this name exports, by its own name; the names of bundles end in a hash that differs by release. */
async function exported(bundle, name) {
  const files = readdirSync(dist).filter((file) => file.startsWith(bundle) && /\.m?js$/.test(file));
  for (const file of files) {
    const module = await import(join(dist, file));
    if (typeof module[name] === "function") return module[name];
    const renamed = Object.values(module).find((value) => typeof value === "function" && value.name === name);
    if (renamed) return renamed;
  }
  throw new Error(`this release has no ${name} in dist/${bundle}*`);
}

/** Writes the files of a case and returns the paths to remove afterwards. */
function arrange(testCase) {
  const written = [];
  const put = (relative, content) => {
    const path = join(state, relative);
    mkdirSync(dirname(path), { recursive: true });
    if (content?.symlink) symlinkSync(content.symlink, path);
    else writeFileSync(path, content);
    written.push(path);
  };
  for (const [relative, content] of Object.entries(testCase.files ?? {})) put(relative, content);
  if (testCase.bytes) put("openclaw.json", Buffer.from(testCase.bytes, "base64"));
  else if (typeof testCase.text === "string") put("openclaw.json", testCase.text);
  return written;
}

const paths = (entries) => (entries ?? []).map((entry) => ({ path: pathOf(entry.path) }));
const pathOf = (path) => (Array.isArray(path) ? path.join(".") : String(path ?? "")) || "<root>";

async function verdict(testCase) {
  const written = arrange(testCase);
  setEnvironment(testCase.env);
  try {
    const snapshot = await finish(await read({ observe: false, prepareValidation: "strict" }));
    const valid = Boolean(snapshot.exists && snapshot.valid);
    return {
      valid,
      issues: valid ? [] : paths(snapshot.issues),
      warnings: paths(snapshot.warnings),
      legacy: paths(snapshot.legacyIssues),
    };
  } catch {
    // The validator itself failed: the command line reports that for the whole file.
    return { valid: false, issues: [{ path: "<root>" }], warnings: [], legacy: [] };
  } finally {
    for (const path of written) rmSync(path, { force: true });
  }
}

async function startOf(testCase, valid) {
  if (valid) return "accepted";
  try {
    const raw = JSON5.parse(testCase.text);
    const { changes, next } = migrate(raw, { context: { authoredRaw: raw, resolvedRaw: raw } });
    if (!next || changes.length === 0) return "refused";
    const after = await verdict({ ...testCase, text: JSON.stringify(next) });
    return after.valid ? "migrates" : "refused";
  } catch {
    return "refused";
  }
}

mkdirSync(state, { recursive: true });
process.chdir(homeFolder);
const input = readFileSync(0, "utf8");
setEnvironment();
const { readConfigFileSnapshotWithPluginMetadata: read } = await import(join(dist, "config", "config.js"));
const finish = await exported("config-cli-validation-", "finishConfigValidationForCli");
const migrate = asksForStarts ? await exported("io.snapshot-", "applyLegacyDoctorMigrations") : undefined;
const JSON5 = createRequire(join(packageFolder, "package.json"))("json5");
// Not readline: it also ends lines at U+2028, which stands in some texts.
for (const line of input.split("\n").filter((line) => line.trim() !== "")) {
  const { valid, issues, warnings, legacy, start, ...testCase } = JSON.parse(line);
  const said = await verdict(testCase);
  if (asksForStarts) said.start = await startOf(testCase, said.valid);
  answer(JSON.stringify({ ...testCase, ...said }) + "\n");
}
process.exitCode = 0;
