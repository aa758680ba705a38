//! Findings: what a check has to say, where, and what to do about it.

use serde::{Deserialize, Serialize};

use crate::project::Path;
use crate::source::{FileId, Span};

/// How bad a finding is; ordered from mild to severe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably wrong, or unsafe.
    Warning,
    /// It will not work.
    Error,
}

impl Severity {
    /// Lower-case name, as in the output formats.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place, with words about it when it is not the primary one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The file.
    pub file: FileId,
    /// Its bytes there.
    pub span: Span,
    /// What is to be seen there; empty for the primary place.
    pub message: String,
}

/// How far a fix can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Safety {
    /// Does what the author meant.
    Safe,
    /// Probably does; look at it.
    Unsafe,
    /// Only shown.
    DisplayOnly,
}

impl Safety {
    /// Name in the output formats.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
            Self::DisplayOnly => "display-only",
        }
    }
}

/// A replacement of text. Never holds a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The file.
    pub file: FileId,
    /// What is replaced (empty: insertion).
    pub span: Span,
    /// By what.
    pub new_text: String,
}

/// What is to be done to the place of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// The key gets the name in the text.
    Rename,
    /// The string gets the text as its value, the key as its name.
    Replace,
    /// The value gets the type in the text, with the same meaning.
    Convert,
    /// The value becomes an object with itself under the key in the text, or with what stands behind the key and a colon.
    Wrap,
    /// The member goes to the path in the text, keys joined by dots.
    Move,
    /// The list becomes an object; the text is its new key, a colon, and the member of the items that are the keys, with
    /// ` as agent-id` behind it where they are ids of agents.
    KeyBy,
    /// Parts of the value go to several places: a line each, with the part, the place (`?` before it: unless something is
    /// there) and the JSON5 text that is written instead of the part, tabs between.
    Spread,
    /// What the table of migrations says of the member, or of the members of the object.
    Migrate,
    /// Members are added: a line each, with the path (`?` before it: unless something is there), a colon, and the value.
    Insert,
    /// Members of the same object go; the text is their keys, blanks between.
    Drop,
    /// The items of one list of the object go to the end of another; the text is the key of the first, a colon, and that of
    /// the second.
    Merge,
    /// The member goes; in env files the line.
    Remove,
    /// The underlined text goes.
    Cut,
    /// Everything from the underlined text on goes, if it is brackets and commas.
    CutRest,
    /// The text is written instead of what is underlined.
    Write,
    /// What is underlined gets double quotes.
    Quote,
    /// A comma is put behind what comes before.
    Comma,
    /// In env files: the line becomes a comment.
    Hash,
    /// In env files: what is underlined gets a line of its own.
    Split,
    /// The member becomes a comment.
    CommentOut,
}

/// A fix in words, before anybody has looked at the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What is to be done.
    pub action: Action,
    /// With what.
    pub text: String,
    /// As [`Fix::title`].
    pub title: String,
    /// As [`Fix::safety`].
    pub safety: Safety,
    /// As [`Fix::of_gateway`].
    pub of_gateway: bool,
}

/// A way to mend a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// In the imperative: "rename `fallback` to `fallbacks`".
    pub title: String,
    /// How far to trust it.
    pub safety: Safety,
    /// Whether it is what OpenClaw's gateway does with the finding when it starts.
    pub of_gateway: bool,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

/// One thing that a check has to say. Made with [`Finding::new`], which demands the primary place.
///
/// Texts may quote keys, enum values and numbers of the file, never a credential; reports scrub them once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Rule id, `group/kebab-name`.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// Whether the target OpenClaw release itself refuses the file because of this.
    pub blocking: bool,
    /// The releases that it is about, when a run is about several and not all of them have it.
    pub releases: Vec<String>,
    /// Whether the gateway itself mends this when it starts.
    pub migrates: bool,
    /// What is wrong: one sentence without a full stop.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// A page with more.
    pub url: Option<String>,
    /// The place.
    pub primary: Label,
    /// Other places that matter, in the order they should be read.
    pub related: Vec<Label>,
    /// The path that OpenClaw's validator names for the same issue (for an unknown key: its object); `None` outside configs.
    pub config_path: Option<Path>,
    /// Further paths under which OpenClaw reports the same mistake: it may list every branch of a failed union.
    pub also_at: Vec<Path>,
    /// The path of the value itself; `None` outside configs.
    pub path: Option<Path>,
    /// How to mend it.
    pub fix: Option<Fix>,
    /// Other ways, should this one make the file worse.
    pub other_fixes: Vec<Fix>,
    /// What the gateway does when it starts where [`Self::fix`] does not: it drops comments. For the verdict alone.
    pub(crate) lossy_fix: Option<Box<Fix>>,
    /// The same, in words, the best first; the run turns them into edits.
    pub plans: Vec<Plan>,
}

impl Finding {
    /// A finding at one place, not blocking, without help.
    #[must_use]
    pub fn new(
        rule: impl Into<String>,
        severity: Severity,
        message: impl Into<String>,
        file: FileId,
        span: Span,
    ) -> Self {
        Self {
            rule: rule.into(),
            severity,
            blocking: false,
            releases: Vec::new(),
            migrates: false,
            message: message.into(),
            help: None,
            url: None,
            primary: Label { file, span, message: String::new() },
            related: Vec::new(),
            config_path: None,
            also_at: Vec::new(),
            path: None,
            fix: None,
            other_fixes: Vec::new(),
            lossy_fix: None,
            plans: Vec::new(),
        }
    }

    /// What the gateway does with it when it starts, if that is known: it may lose comments.
    pub(crate) fn fix_of_gateway(&self) -> Option<&Fix> {
        let known = self.fix.iter().chain(&self.other_fixes).find(|fix| fix.of_gateway);
        known.or(self.lossy_fix.as_deref())
    }

    /// Says what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Marks the finding as one for which OpenClaw refuses the file.
    #[must_use]
    pub const fn blocking(mut self) -> Self {
        self.blocking = true;
        self
    }

    /// Names the value (`path`) and the path under which OpenClaw reports it (`config_path`).
    #[must_use]
    pub fn at_path(mut self, path: Path, config_path: Path) -> Self {
        self.path = Some(path);
        self.config_path = Some(config_path);
        self
    }

    /// Adds a related place.
    #[must_use]
    pub fn related(mut self, file: FileId, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Label { file, span, message: message.into() });
        self
    }
}
