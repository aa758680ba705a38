// From the settings of a person to what the server is told.

/** Reads one setting, without `openclaw-lint.` in front. */
export type Read = (name: string) => unknown;

/** `initializationOptions`, and `openclaw-lint` in `workspace/didChangeConfiguration`. What is absent, the server decides. */
export interface Preferences {
  openclawVersion?: string;
  layout?: "openclaw" | "guide";
  lang?: "en" | "zh-CN";
  processEnv: boolean;
  hostChecks: boolean;
}

/** The name of the section, and of the server. */
export const SECTION = "openclaw-lint";

/** Settings of another type than they should be are as if they were not there. */
export function preferences(read: Read): Preferences {
  const result: Preferences = { processEnv: read("processEnv") === true, hostChecks: read("hostChecks") === true };
  const version = read("openclawVersion");
  if (typeof version === "string" && version.trim() !== "" && version.trim() !== "auto") {
    result.openclawVersion = version.trim();
  }
  const layout = read("layout");
  if (layout === "openclaw" || layout === "guide") {
    result.layout = layout;
  }
  const lang = read("lang");
  if (lang === "en" || lang === "zh-CN") {
    result.lang = lang;
  }
  return result;
}

/** The parameters of `workspace/didChangeConfiguration`. */
export function changed(read: Read): { settings: Record<typeof SECTION, Preferences> } {
  return { settings: { [SECTION]: preferences(read) } };
}
