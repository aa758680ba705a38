// Bundles the extension, and with --tests its tests, for Node alone.

import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

const has = (flag) => process.argv.includes(flag);
const common = { bundle: true, platform: "node", target: "node20", logLevel: "warning" };

rmSync("dist", { recursive: true, force: true });
const { metafile } = await build({
  ...common,
  metafile: true,
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  format: "cjs",
  external: ["vscode"],
  minify: has("--release"),
  sourcemap: !has("--release"),
});

if (has("--release")) {
  // The package says under which terms it comes.
  copyFileSync("../../LICENSE-MIT", "LICENSE.txt");
  copyFileSync("../../LICENSE-APACHE", "LICENSE-APACHE.txt");
  writeFileSync("LICENSE-THIRD-PARTY.txt", licences(Object.keys(metafile.inputs)));
}

if (has("--tests")) {
  rmSync("dist-test", { recursive: true, force: true });
  await build({
    ...common,
    entryPoints: readdirSync("test").filter((name) => name.endsWith(".test.ts")).map((name) => `test/${name}`),
    outdir: "dist-test",
    outExtension: { ".js": ".mjs" },
    format: "esm",
    packages: "external",
    sourcemap: "inline",
  });
  await build({
    ...common,
    entryPoints: ["test/vscode/suite.ts"],
    outfile: "dist-test/vscode/suite.js",
    format: "cjs",
    external: ["vscode"],
    sourcemap: "inline",
  });
}

/** The licences of the packages that are in the bundle; one without stops the build. */
function licences(inputs) {
  const packages = inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);
  const texts = [...new Set(packages)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) {
      throw new Error(`${name} has no licence`);
    }
    return `${name} ${version} (${license})\n\n${readFileSync(path.join(folder, file), "utf8").trim()}\n`;
  });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}
