//! Linting texts that are in memory, for programs that embed the linter: a few lines in the place of [`crate::check`] with
//! its inputs, settings and host, which can do more.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::check::{self, Content, Input, Settings};
use crate::discover::{NameInfo, classify_explicit};
use crate::host::{Host, MemoryHost, lexical};
use crate::language::Language;
use crate::policy::Policies;
use crate::project::Layout;
use crate::redact::Secrets;
use crate::report::Report;
use crate::rules::Catalog;
use crate::schema::{Release, Store, Version, VersionError};
use crate::source::Sources;

/// Files, variables and a moment, and how to lint them. Nothing of the machine is looked at.
///
/// ```
/// use openclaw_lint::Linter;
///
/// let report = Linter::new()
///     .file("openclaw.json", r#"{ gateway: { mode: "nowhere", auth: { token: "${LAB_TOKEN}" } } }"#)
///     .beside(".env", "LAB_TOKEN=example\n")
///     .now(1_798_761_600)
///     .lint();
/// let findings = report.redacted().findings;
/// let finding = findings.iter().find(|finding| finding.blocking).unwrap();
/// assert_eq!(finding.rule.exact(), "schema/bad-value");
/// assert_eq!((finding.place.start.line, finding.place.start.column), (1, 20));
/// ```
#[derive(Clone, Debug)]
pub struct Linter {
    world: MemoryHost,
    /// Those to report on, relative to the root of that world.
    files: Vec<PathBuf>,
    environment: Option<BTreeMap<String, String>>,
    release: Option<&'static Release>,
    layout: Option<Layout>,
    language: Language,
}

impl Default for Linter {
    fn default() -> Self {
        Self::new()
    }
}

impl Linter {
    /// Without files, for the newest release that is known, at the beginning of 1970, when no credential has expired.
    #[must_use]
    pub fn new() -> Self {
        Self {
            world: MemoryHost::new("/"),
            files: Vec::new(),
            environment: None,
            release: None,
            layout: None,
            language: Language::English,
        }
    }

    /// Adds a file to lint. Its name says what it is, as on the command line: `.env` and the like are env files, all else
    /// is a configuration. Files of one folder belong together.
    #[must_use]
    pub fn file(mut self, path: impl AsRef<Path>, content: impl Into<Vec<u8>>) -> Self {
        self = self.beside(path.as_ref(), content);
        let path = relative(path.as_ref());
        if !self.files.contains(&path) {
            self.files.push(path);
        }
        self
    }

    /// Adds a file that is there and not linted for itself: one that a configuration includes, an env file with its
    /// variables, or an `openclaw-lint.json5`.
    #[must_use]
    pub fn beside(mut self, path: impl AsRef<Path>, content: impl Into<Vec<u8>>) -> Self {
        self.world = self.world.with_file(relative(path.as_ref()), content);
        self
    }

    /// Gives the environment of the process that OpenClaw will be: it goes before all env files, and what is in neither is
    /// not set. Without it nothing is known of such variables.
    #[must_use]
    pub fn environment<N: Into<String>, V: Into<String>>(
        mut self,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        self.environment.get_or_insert_default().extend(variables);
        self
    }

    /// Sets the clock, in seconds since 1970 UTC: it decides which tokens have expired.
    #[must_use]
    pub const fn now(mut self, seconds: i64) -> Self {
        self.world.now = seconds;
        self
    }

    /// Lints for a release of OpenClaw; one that is not known is judged by the one before it.
    ///
    /// # Errors
    /// For what is no version.
    pub fn release(mut self, version: &str) -> Result<Self, VersionError> {
        let version: Version = version.parse()?;
        self.release = Store::bundled().nearest(&version);
        Ok(self)
    }

    /// Sets the layout of the configurations, which else is read off each.
    #[must_use]
    pub const fn layout(mut self, layout: Layout) -> Self {
        self.layout = Some(layout);
        self
    }

    /// Sets the language of messages.
    #[must_use]
    pub const fn language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// Lints the files. What the report shows of them is without credentials in [`Report::redacted`], and in everything
    /// that [`crate::report::render`] writes.
    #[must_use]
    pub fn lint(&self) -> Report {
        let Some(release) = self.release.or_else(|| Store::bundled().latest()) else { return self.nothing() };
        let mut inputs: Vec<Input> = self.files.iter().map(|path| self.input(path, false)).collect();
        for path in self.world.files.keys().map(|path| relative(path)) {
            // Of the files beside them only the variables count; the rest are asked for by name.
            if !self.files.contains(&path) && info(&path).is_some_and(|info| info.kind == crate::discover::Kind::Env) {
                inputs.push(self.input(&path, true));
            }
        }
        let folders = self.files.iter().filter_map(|path| path.parent());
        let settings = Settings {
            layout: self.layout,
            mild: self.release.is_none(),
            now: self.world.now,
            process_env: self.environment.clone(),
            policies: Policies::find(folders, &[], &self.world),
            language: self.language,
            ..Settings::new(release)
        };
        check::run(inputs, &settings, Catalog::bundled(), &self.world)
    }

    fn input(&self, path: &Path, context: bool) -> Input {
        let content = match self.world.read(path, u64::from(u32::MAX)) {
            Ok(bytes) => Content::Bytes(bytes),
            Err(error) => Content::Problem(error.into()),
        };
        let info = info(path).unwrap_or_else(|| classify_explicit(""));
        Input { path: path.to_owned(), shown: path.display().to_string(), info, content, context }
    }

    /// What a build without schemas would say.
    fn nothing(&self) -> Report {
        Report {
            target: String::new(),
            language: self.language,
            sources: Sources::default(),
            secrets: Secrets::default(),
            files: Vec::new(),
            findings: Vec::new(),
        }
    }
}

fn info(path: &Path) -> Option<NameInfo> {
    Some(classify_explicit(&path.file_name()?.to_string_lossy()))
}

/// A path below the root of the world in memory.
fn relative(path: &Path) -> PathBuf {
    let absolute = lexical(&Path::new("/").join(path));
    absolute.strip_prefix("/").map(Path::to_path_buf).unwrap_or(absolute)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(linter: &Linter) -> Vec<String> {
        let report = linter.lint();
        report.redacted().findings.iter().map(|finding| format!("{} {}", finding.place.path, finding.rule)).collect()
    }

    #[test]
    fn only_files_that_were_given_to_lint_are_reported() {
        let linter = Linter::new()
            .file("a/openclaw.json", r#"{ gateway: { $include: "./parts/gateway.json5" } }"#)
            .beside("a/parts/gateway.json5", r#"{ mode: "nowhere" }"#)
            .beside("b/openclaw.json", "{ nonsense: 1 }")
            .beside("a/.env", "NONSENSE\n");
        assert_eq!(rules(&linter), ["a/parts/gateway.json5 schema/bad-value"]);
    }

    #[test]
    fn environment_and_clock_are_ones_own() {
        let config = r#"{ gateway: { mode: "local", auth: { mode: "token", token: "${LAB_TOKEN}" } } }"#;
        let linter = Linter::new().file("openclaw.json", config).environment([("OTHER", "x")]);
        assert_eq!(rules(&linter), ["openclaw.json env/undefined-reference"]);
        assert!(rules(&linter.environment([("LAB_TOKEN", "a-token-of-the-laboratory")])).is_empty());
    }

    #[test]
    fn a_configuration_of_the_linter_counts() {
        let linter = Linter::new().file("openclaw.json", "{ gateway: { mode: \"nowhere\" } }");
        assert_eq!(rules(&linter), ["openclaw.json schema/bad-value"]);
        assert!(rules(&linter.beside("openclaw-lint.json5", "{ rules: { \"schema/*\": \"off\" } }")).is_empty());
    }

    #[test]
    fn releases_are_versions() {
        assert!(Linter::new().release("newest").is_err());
        let report = |version: &str| Linter::new().release(version).map(|linter| linter.lint().target);
        assert_eq!(report("2026.9.6"), Ok("2026.9.6".to_owned()));
    }
}
