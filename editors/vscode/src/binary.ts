// Which program is run. Nothing of VS Code and no file is touched here: what the machine has comes in as functions.

import * as path from "node:path";

/** What the search needs to know of the machine. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** The processor, as Node calls it. */
  readonly arch: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The home folder of the account. */
  readonly home: string;
  /** Whether a file is there that can be run. */
  isProgram(file: string): boolean;
}

/** Where a program may be looked for. */
export interface Places {
  /** The setting `openclaw-lint.path`; empty: none. */
  readonly setting: string;
  /** The folders of the workspace, the first one first. */
  readonly folders: readonly string[];
  /** Whether the person trusts them. */
  readonly trusted: boolean;
}

/** The program, or why there is none. */
export type Search =
  | { readonly found: string; readonly by: "setting" | "PATH" | "node_modules" }
  | { readonly found: undefined; readonly looked: readonly string[] };

const NAME = "openclaw-lint";

/**
 * The setting, then the `PATH`, then `node_modules/.bin` of the workspace. A folder that is not trusted decides nothing: VS Code
 * withholds its settings, and neither its `node_modules` nor a path relative to it is looked at.
 */
export function findProgram(places: Places, machine: Machine): Search {
  const at = machine.platform === "win32" ? path.win32 : path.posix;
  const looked: string[] = [];
  const first = (files: readonly string[]): string | undefined => {
    looked.push(...files);
    return files.find((file) => machine.isProgram(file));
  };

  const setting = places.setting.trim();
  if (setting !== "") {
    // Who names a program wants that one, and no other in its stead.
    const found = first(named(setting, places, machine, at));
    return found === undefined ? { found, looked } : { found, by: "setting" };
  }
  const onPath = first(pathFolders(machine, at).flatMap((folder) => spellings(at.join(folder, NAME), machine)));
  if (onPath !== undefined) {
    return { found: onPath, by: "PATH" };
  }
  if (places.trusted) {
    const installed = first(places.folders.map((folder) => at.join(folder, "node_modules", ...installedAs(machine))));
    if (installed !== undefined) {
      return { found: installed, by: "node_modules" };
    }
  }
  return { found: undefined, looked };
}

/** On Windows `.bin` has scripts for shells, which are no programs: the program itself is in the package of the platform. */
function installedAs(machine: Machine): string[] {
  return machine.platform === "win32" ? [`@${NAME}`, `win32-${machine.arch}`, `${NAME}.exe`] : [".bin", NAME];
}

function named(setting: string, places: Places, machine: Machine, at: path.PlatformPath): string[] {
  const home = /^~(?=[\\/]|$)/;
  const expanded = setting.replace(home, () => machine.home);
  const folder = "${workspaceFolder}";
  if (expanded.includes(folder)) {
    const filled = places.trusted ? places.folders.map((each) => expanded.replaceAll(folder, () => each)) : [];
    return filled.flatMap((file) => spellings(file, machine));
  }
  if (at.isAbsolute(expanded)) {
    return spellings(expanded, machine);
  }
  if (!/[\\/]/.test(expanded)) {
    return pathFolders(machine, at).flatMap((each) => spellings(at.join(each, expanded), machine));
  }
  return places.trusted ? places.folders.flatMap((each) => spellings(at.join(each, expanded), machine)) : [];
}

/** Relative folders of the `PATH` are left out: they would mean the workspace. */
function pathFolders(machine: Machine, at: path.PlatformPath): string[] {
  const own = Object.keys(machine.environment).find((name) =>
    machine.platform === "win32" ? name.toUpperCase() === "PATH" : name === "PATH",
  );
  const value = own === undefined ? "" : (machine.environment[own] ?? "");
  return value.split(at.delimiter).filter((folder) => at.isAbsolute(folder));
}

function spellings(file: string, machine: Machine): string[] {
  return machine.platform === "win32" && !/\.exe$/i.test(file) ? [`${file}.exe`] : [file];
}
