// Which program is found, on machines that are made up.

import assert from "node:assert/strict";
import { test } from "node:test";

import { findProgram, type Machine, type Places } from "../src/binary";

function machine(programs: readonly string[], more: Partial<Machine> = {}): Machine {
  return {
    platform: "linux",
    arch: "x64",
    environment: { PATH: "/usr/bin:/opt/bin:.:relative/bin" },
    home: "/home/me",
    isProgram: (file) => programs.includes(file),
    ...more,
  };
}

const places: Places = { setting: "", folders: ["/repo/a", "/repo/b"], trusted: true };

test("the PATH goes before what npm installed in the workspace", () => {
  const both = machine(["/opt/bin/openclaw-lint", "/repo/b/node_modules/.bin/openclaw-lint"]);
  assert.deepEqual(findProgram(places, both), { found: "/opt/bin/openclaw-lint", by: "PATH" });
  const npm = machine(["/repo/b/node_modules/.bin/openclaw-lint"]);
  assert.deepEqual(findProgram(places, npm), { found: "/repo/b/node_modules/.bin/openclaw-lint", by: "node_modules" });
});

test("a program that is named is taken, or none", () => {
  const has = machine(["/opt/bin/openclaw-lint", "/own/lint", "/home/me/bin/lint", "/repo/b/target/lint", "/usr/bin/lint2"]);
  const found = (setting: string) => findProgram({ ...places, setting }, has).found;
  assert.equal(found("/own/lint"), "/own/lint");
  assert.equal(found("~/bin/lint"), "/home/me/bin/lint");
  assert.equal(found("target/lint"), "/repo/b/target/lint");
  assert.equal(found("${workspaceFolder}/target/lint"), "/repo/b/target/lint");
  assert.equal(found("lint2"), "/usr/bin/lint2");
  assert.deepEqual(findProgram({ ...places, setting: "/gone" }, has), { found: undefined, looked: ["/gone"] });
});

test("a workspace that is not trusted brings no program", () => {
  const everywhere = machine([
    "/repo/a/node_modules/.bin/openclaw-lint",
    "/repo/a/target/lint",
    "./openclaw-lint",
    "openclaw-lint",
    "relative/bin/openclaw-lint",
  ]);
  for (const setting of ["", "target/lint", "./target/lint", "${workspaceFolder}/target/lint"]) {
    assert.equal(findProgram({ ...places, setting, trusted: false }, everywhere).found, undefined, setting);
  }
  // Relative folders of the PATH never count.
  assert.deepEqual(findProgram({ ...places, folders: [] }, everywhere).found, undefined);
  const own = machine(["/usr/bin/openclaw-lint"]);
  assert.equal(findProgram({ ...places, trusted: false }, own).found, "/usr/bin/openclaw-lint");
});

test("Windows: another spelling of PATH, of separators and of programs", () => {
  const windows = machine(["C:\\Tools\\openclaw-lint.exe"], {
    platform: "win32",
    environment: { Path: "C:\\Windows;C:\\Tools" },
    home: "C:\\Users\\me",
  });
  assert.equal(findProgram({ ...places, folders: ["D:\\work"] }, windows).found, "C:\\Tools\\openclaw-lint.exe");
  const npm = "D:\\work\\node_modules\\@openclaw-lint\\win32-x64\\openclaw-lint.exe";
  const installed = { ...windows, isProgram: (file: string) => file === npm };
  assert.deepEqual(findProgram({ ...places, folders: ["D:\\work"] }, installed), { found: npm, by: "node_modules" });
  const setting = "C:\\Tools\\openclaw-lint";
  assert.equal(findProgram({ ...places, setting }, windows).found, "C:\\Tools\\openclaw-lint.exe");
});

test("what was looked at is told", () => {
  const result = findProgram({ ...places, folders: ["/repo/a"] }, machine([]));
  assert.deepEqual(result, {
    found: undefined,
    looked: ["/usr/bin/openclaw-lint", "/opt/bin/openclaw-lint", "/repo/a/node_modules/.bin/openclaw-lint"],
  });
});
