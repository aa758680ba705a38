// What the status item says.

/** What the server is doing. */
export type State =
  | { readonly is: "starting" }
  | { readonly is: "running"; readonly version: string | undefined; readonly target: string | undefined }
  | { readonly is: "stopped" }
  | { readonly is: "missing" }
  | { readonly is: "failed"; readonly why: string };

/** A status item, in words. */
export interface Status {
  readonly text: string;
  readonly detail: string;
  readonly severity: "information" | "warning" | "error";
  readonly busy: boolean;
  /** Whether a restart is offered; else the output. */
  readonly restart: boolean;
}

export function status(state: State): Status {
  const item = (text: string, detail: string, more: Partial<Status> = {}): Status => ({
    text,
    detail,
    severity: "information",
    busy: false,
    restart: false,
    ...more,
  });
  switch (state.is) {
    case "starting":
      return item("openclaw-lint", "starting", { busy: true });
    case "running": {
      const release = state.target === undefined ? "the newest OpenClaw that it knows" : `OpenClaw ${state.target}`;
      return item(`openclaw-lint ${state.version ?? ""}`.trim(), `judges by ${release}`);
    }
    case "stopped":
      return item("openclaw-lint", "stopped", { severity: "warning", restart: true });
    case "missing":
      return item("openclaw-lint", "not installed, or not found", { severity: "error", restart: true });
    case "failed":
      return item("openclaw-lint", state.why, { severity: "error", restart: true });
  }
}
