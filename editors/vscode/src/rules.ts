// Rules by their ids: those of findings, and all that there are.

/** As much of a diagnostic as is needed; VS Code and the protocol agree on it. */
export interface Finding {
  readonly source?: string | undefined;
  readonly code?: string | number | { readonly value: string | number } | undefined;
  readonly range: { readonly start: { readonly line: number }; readonly end: { readonly line: number } };
}

/** The rules of this linter's findings in a line, each once. */
export function rulesAt(findings: readonly Finding[], line: number): string[] {
  const here = findings.filter(
    (finding) => finding.source === "openclaw-lint" && finding.range.start.line <= line && line <= finding.range.end.line,
  );
  const codes = here.map(({ code }) => (typeof code === "object" ? code.value : code));
  return [...new Set(codes.filter((code): code is string => typeof code === "string"))];
}

/** A rule to choose from. */
export interface Rule {
  readonly label: string;
  readonly detail: string;
}

/** What `rules --format json` says; nothing where it says something else. */
export function readRules(output: string): Rule[] {
  let list: unknown;
  try {
    list = JSON.parse(output);
  } catch {
    return [];
  }
  const entries: unknown[] = Array.isArray(list) ? list : [];
  return entries.flatMap((entry) => {
    const { id, summary } = (entry ?? {}) as { id?: unknown; summary?: unknown };
    return typeof id === "string" && typeof summary === "string" ? [{ label: id, detail: summary }] : [];
  });
}
