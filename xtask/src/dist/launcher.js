#!/usr/bin/env node
// Starts the program of this platform's package, which npm installed as an optional dependency.
"use strict";

const { spawn } = require("node:child_process");

/** The packages that may hold the program; the one for this C library first. */
function candidates() {
  const name = `@openclaw-lint/${process.platform}-${process.arch}`;
  if (process.platform !== "linux") return [name];
  process.report.excludeNetwork = true;
  const glibc = process.report.getReport().header.glibcVersionRuntime;
  return glibc ? [name, `${name}-musl`] : [`${name}-musl`, name];
}

function program() {
  const file = process.platform === "win32" ? "openclaw-lint.exe" : "openclaw-lint";
  const names = candidates();
  for (const name of names) {
    try {
      return require.resolve(`${name}/${file}`);
    } catch {
      // Not installed: the next one.
    }
  }
  console.error(
    `openclaw-lint: there is no package with its program for ${process.platform} on ${process.arch} (${names.join(", ")}). ` +
      "Install it again without --omit=optional; if there is none for this platform, build it with cargo.",
  );
  process.exit(2);
}

const child = spawn(program(), process.argv.slice(2), { stdio: "inherit", windowsHide: true });
const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
// The terminal sends them to the program as well; what others send to this process is passed on.
const pass = (signal) => child.kill(signal);
for (const signal of signals) process.on(signal, pass);

child.on("error", (error) => {
  console.error(`openclaw-lint: ${error.message}`);
  process.exit(2);
});
child.on("exit", (code, signal) => {
  for (const name of signals) process.off(name, pass);
  // An end by a signal is passed on as one, so that a shell sees it.
  if (signal) process.kill(process.pid, signal);
  else process.exitCode = code;
});
