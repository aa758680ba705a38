// Which documents the server is told of, and how it is started.

/** A part of a selector: what VS Code and the protocol both understand. */
export interface Filter {
  readonly scheme: "file";
  readonly language?: string;
  readonly pattern?: string;
}

/** The language of configs. Not `json` or `jsonc`: VS Code's own JSON server would mark what JSON5 allows as errors. */
export const LANGUAGE = "openclaw-json5";

/**
 * Configs and env files whatever language they are shown in, and what configs may include. The server has the last word: it
 * says nothing of files that belong to no config.
 */
export const SELECTOR: readonly Filter[] = [
  { scheme: "file", language: LANGUAGE },
  { scheme: "file", pattern: "**/{openclaw*.json,*.openclaw.json,clawdbot.json}" },
  { scheme: "file", pattern: "**/{.env,.env.*,*.env}" },
  { scheme: "file", pattern: "**/*.json5" },
  { scheme: "file", pattern: "**/{.openclaw,.openclaw-*,openclaw}/**/*.json" },
];

/** The arguments of the server; the client adds `--stdio`. */
export const ARGUMENTS: readonly string[] = ["lsp"];

/** The kind of the action that applies every safe fix. */
export const FIX_ALL = "source.fixAll.openclaw-lint";

/** The arguments for the page of a rule. */
export function explainArguments(rule: string, lang: string | undefined): string[] {
  const chosen = lang === undefined ? [] : ["--lang", lang];
  return ["explain", "--color", "never", "--width", "100", ...chosen, "--", rule];
}
