//! What a file is, by its name alone. Pure: no file is looked at, and the tables below hold everything that is known.

/// What is inside a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An OpenClaw configuration, JSON5.
    Config,
    /// Environment variables, dotenv.
    Env,
}

/// What a file is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Read as it is: `openclaw.json`, `.env`, `gateway.env`.
    Live,
    /// One of several, with what tells it from the others: `openclaw.production.json`, `openclaw-remote.json`,
    /// `.env.local`.
    Variant(String),
    /// Meant to be copied and filled in: `openclaw.json.template`, `.env.example`. Its credentials are placeholders.
    Template,
    /// A copy of an earlier state: `openclaw.json.bak.1`, `openclaw.json.backup.20260301`, `.env~`.
    Backup,
}

impl Role {
    /// Its name in rule files.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Variant(_) => "variant",
            Self::Template => "template",
            Self::Backup => "backup",
        }
    }
}

/// What a name says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NameInfo {
    /// What is inside.
    pub kind: Kind,
    /// What it is for.
    pub role: Role,
    /// The environment it belongs to, as written: `production` of `openclaw.production.json`, of `.env.production.local`
    /// and of `openclaw.production.json.bak`. Compare without regard to case.
    pub environment: Option<String>,
}

/// Words that make a file a template wherever they stand in its name.
pub(super) const TEMPLATE_WORDS: &[&str] = &[
    "dist",
    "erb",
    "example",
    "examples",
    "gotmpl",
    "handlebars",
    "hbs",
    "j2",
    "jinja",
    "jinja2",
    "mustache",
    "redacted",
    "sample",
    "samples",
    "sanitised",
    "sanitized",
    "template",
    "templates",
    "tmpl",
    "tpl",
];

/// Words that make a file a backup wherever they stand in its name.
pub(super) const BACKUP_WORDS: &[&str] =
    &["backup", "backups", "bak", "bak0", "bak1", "bak2", "bak3", "bak4", "bak5", "bck", "bkp", "copy", "old", "orig"];

/// Words that make a file a backup only behind its extension. OpenClaw itself writes `last-good`, `clobbered.<time>` and
/// `rejected.<time>` beside its configuration, and `<pid>.<id>.tmp` while it saves.
pub(super) const TRAILING_BACKUP_WORDS: &[&str] =
    &["broken", "clobbered", "good", "lastgood", "prev", "previous", "rej", "rejected", "save", "saved", "temp", "tmp"];

/// Words that say nothing about which variant it is.
const NOISE_WORDS: &[&str] = &["conf", "config", "configuration", "settings"];

/// Words before the extension of files that are named after OpenClaw but do not configure it: plugin manifests, JSON
/// Schemas, lock files, package manifests, and files whose values sops has encrypted.
pub(super) const FOREIGN_WORDS: &[&str] = &["lock", "manifest", "package", "plugin", "schema", "sops", "tsconfig"];

/// Last name parts of files that hold neither JSON5 nor variables, or hold them encrypted or packed.
pub(super) const FOREIGN_ENDINGS: &[&str] = &[
    "age", "asc", "bz2", "cjs", "css", "csv", "diff", "enc", "go", "gpg", "gz", "html", "js", "jsonl", "jsx", "lock",
    "log", "map", "md", "md5", "mdx", "mjs", "nix", "patch", "php", "pgp", "png", "py", "rb", "rs", "schema", "sh",
    "sha256", "sha512", "sig", "sops", "sqlite", "svg", "swo", "swp", "swx", "tar", "tgz", "toml", "ts", "tsx",
    "vault", "xz", "yaml", "yml", "zip", "zst",
];

/// Endings that an env file cannot have either.
pub(super) const JSON_ENDINGS: &[&str] = &["json", "json5", "jsonc"];

/// Last name parts of shell files that a person may name on the command line because they export variables.
const SHELL_ENDINGS: &[&str] =
    &["bash", "bash_profile", "bashrc", "env", "envrc", "profile", "sh", "zprofile", "zsh", "zshenv", "zshrc"];

/// Names of environments that are told from other words when a name has several.
const ENVIRONMENTS: &[&str] = &[
    "ci",
    "demo",
    "dev",
    "develop",
    "development",
    "local",
    "pre",
    "preprod",
    "preview",
    "prod",
    "production",
    "qa",
    "sandbox",
    "stage",
    "staging",
    "test",
    "testing",
    "uat",
];

/// Kind, role and environment by file name (without directories), or `None` when it is not ours. Letter case does not
/// matter.
///
/// Ours are `openclaw*.json`, `*.openclaw.json`, `clawdbot.json` (the old name, which OpenClaw still looks for), all of
/// them also as `.json5` and with anything behind (`openclaw.json.template`); `.env`, `.env.*`, `*.env`, and templates and
/// backups of those. Not ours are this linter's own `openclaw-lint*` files, plugin manifests (`openclaw.plugin.json`),
/// JSON Schemas, lock files, `.envrc`, and names that end like another format (`openclaw.json.md`, `.env.ts`).
#[must_use]
pub fn classify(file_name: &str) -> Option<NameInfo> {
    let bare = file_name.trim_end_matches('~');
    let mut reading = Reading { backup: bare.len() < file_name.len(), ..Reading::default() };
    let segments: Vec<&str> = bare.split('.').collect();
    let kind = if reading.read_config(bare, &segments)? {
        Kind::Config
    } else if reading.read_env(&segments)? {
        Kind::Env
    } else {
        return None;
    };
    Some(reading.finish(kind))
}

/// As [`classify`], for a file that somebody asked for by name: every name is something. Shell files and names with an
/// `env` part hold variables, everything else is a configuration; the words for templates and backups count as ever.
#[must_use]
pub fn classify_explicit(file_name: &str) -> NameInfo {
    if let Some(info) = classify(file_name) {
        return info;
    }
    let bare = file_name.trim_end_matches('~');
    let mut reading = Reading { backup: bare.len() < file_name.len(), ..Reading::default() };
    bare.split('.').for_each(|segment| reading.read_name(segment));
    reading.names.retain(|name| is_one_of(name, ENVIRONMENTS));
    let environment = reading.environment();
    reading.names.clear();
    NameInfo { environment, ..reading.finish(explicit_kind(bare)) }
}

fn explicit_kind(bare: &str) -> Kind {
    let last = bare.rsplit('.').next().unwrap_or(bare);
    let has_env_part = || bare.split('.').any(|segment| is_one_of(segment, &["env", "envrc"]));
    if !is_one_of(last, JSON_ENDINGS) && (is_one_of(last, SHELL_ENDINGS) || has_env_part()) {
        Kind::Env
    } else {
        Kind::Config
    }
}

/// What the parts of a name have said so far.
#[derive(Default)]
struct Reading {
    template: bool,
    backup: bool,
    /// The parts that tell variants apart, in order.
    names: Vec<String>,
}

impl Reading {
    /// Reads a configuration's name. `Some(false)`: it is not one; `None`: it is certainly nothing of ours.
    fn read_config(&mut self, bare: &str, segments: &[&str]) -> Option<bool> {
        if is_own_file(bare) {
            return None;
        }
        let json = segments.iter().enumerate().find_map(|(at, segment)| Some((at, json_rest(segment)?)));
        let Some((at, rest)) = json else { return Some(false) };
        let (head, tail) = (segments.get(..at).unwrap_or(&[]), segments.get(at + 1..).unwrap_or(&[]));
        let Some(qualifiers) = config_qualifiers(head) else { return Some(false) };
        if qualifiers.iter().flat_map(|part| words(part)).any(|word| is_one_of(word, FOREIGN_WORDS)) {
            return None;
        }
        refuse_foreign_ending(tail, FOREIGN_ENDINGS)?;
        qualifiers.iter().for_each(|part| self.read_name(part));
        [rest].iter().chain(tail).for_each(|part| self.read_suffix(part, Kind::Config));
        Some(true)
    }

    /// Reads an env file's name; answers as [`Reading::read_config`].
    fn read_env(&mut self, segments: &[&str]) -> Option<bool> {
        let Some((at, rest)) = segments.iter().enumerate().find_map(|(at, part)| Some((at, env_rest(part)?))) else {
            return Some(false);
        };
        let (head, tail) = (segments.get(..at).unwrap_or(&[]), segments.get(at + 1..).unwrap_or(&[]));
        refuse_foreign_ending(tail, FOREIGN_ENDINGS)?;
        refuse_foreign_ending(tail, JSON_ENDINGS)?;
        head.iter().for_each(|part| self.read_name(part));
        [rest].iter().chain(tail).for_each(|part| self.read_suffix(part, Kind::Env));
        // `.env.anything` and `anything.env` are env files; `a.env.b`, `env.b` and `.env-b` only as templates and backups.
        let usual = if head == [""] { rest.is_empty() } else { !head.is_empty() && rest.is_empty() && tail.is_empty() };
        // OpenClaw's own `gateway.env`, and the plain name.
        self.names.retain(|name| !is_one_of(name, &["gateway", "openclaw", "clawdbot"]));
        Some(usual || self.template || self.backup)
    }

    /// A part before the extension: its words count one by one.
    fn read_name(&mut self, segment: &str) {
        let mut kept = Vec::new();
        let mut rest = segment;
        let backup_before = std::mem::take(&mut self.backup);
        while !rest.is_empty() {
            if starts_with_date(rest) {
                self.backup = true;
                break;
            }
            let (word, after) = rest.split_once(is_word_break).unwrap_or((rest, ""));
            rest = after;
            if is_one_of(word, TEMPLATE_WORDS) {
                self.template = true;
            } else if is_one_of(word, BACKUP_WORDS) || is_copy_number(word) {
                self.backup = true;
            } else if !word.is_empty() && !is_one_of(word, NOISE_WORDS) {
                kept.push(word);
            }
        }
        if self.backup {
            kept.retain(|word| !is_number(word));
        }
        self.backup |= backup_before;
        if !kept.is_empty() {
            self.names.push(kept.join("-"));
        }
    }

    /// A part behind the extension: one word of a template or backup decides for the whole part, and what follows a
    /// backup's is a note (`.bak.before-upgrade`).
    fn read_suffix(&mut self, segment: &str, kind: Kind) {
        let has = |table: &[&str]| words(segment).any(|word| is_one_of(word, table));
        if segment.is_empty() || is_one_of(segment, JSON_ENDINGS) || is_one_of(segment, NOISE_WORDS) {
        } else if has(TEMPLATE_WORDS) {
            self.template = true;
        } else if has(BACKUP_WORDS)
            || has(TRAILING_BACKUP_WORDS)
            || is_number(segment)
            || starts_with_date(segment)
            || (kind == Kind::Config && is_state_before(segment))
        {
            self.backup = true;
        } else if !self.backup {
            self.names.push(segment.to_owned());
        }
    }

    fn environment(&self) -> Option<String> {
        let known = self.names.iter().flat_map(|name| words(name)).find(|word| is_one_of(word, ENVIRONMENTS));
        known.map(str::to_owned).or_else(|| (!self.names.is_empty()).then(|| self.names.join(".")))
    }

    fn finish(self, kind: Kind) -> NameInfo {
        let environment = self.environment();
        let role = if self.template {
            // Also the backup of a template: what it holds are placeholders.
            Role::Template
        } else if self.backup {
            Role::Backup
        } else if self.names.is_empty() {
            Role::Live
        } else {
            Role::Variant(self.names.join("."))
        };
        NameInfo { kind, role, environment }
    }
}

/// This linter's own configuration, baselines and reports.
fn is_own_file(bare: &str) -> bool {
    let bare = bare.strip_prefix('.').unwrap_or(bare);
    strip_prefix(bare, "openclaw-lint").is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
}

/// The parts of a configuration's name before its extension that tell it from the plain `openclaw.json`; `None` when it
/// is not named after OpenClaw.
fn config_qualifiers<'a>(head: &[&'a str]) -> Option<Vec<&'a str>> {
    let (first, behind_first) = head.split_first()?;
    if let Some(rest) = strip_prefix(first, "openclaw") {
        return Some(std::iter::once(rest).chain(behind_first.iter().copied()).collect());
    }
    let (last, before_last) = head.split_last()?;
    if last.eq_ignore_ascii_case("openclaw") {
        return Some(before_last.to_vec());
    }
    (before_last.is_empty() && last.eq_ignore_ascii_case("clawdbot")).then(Vec::new)
}

/// What follows `json` or `json5` in a name part that is the extension: nothing, or `example` of `json-example`.
fn json_rest(segment: &str) -> Option<&str> {
    rest_of_extension(segment, "json5").or_else(|| rest_of_extension(segment, "json"))
}

fn env_rest(segment: &str) -> Option<&str> {
    rest_of_extension(segment, "env")
}

fn rest_of_extension<'a>(segment: &'a str, extension: &str) -> Option<&'a str> {
    let rest = strip_prefix(segment, extension)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(is_word_break) }
}

/// `None` when the last part is in `table`.
fn refuse_foreign_ending(tail: &[&str], table: &[&str]) -> Option<()> {
    (!tail.last().is_some_and(|last| is_one_of(last, table))).then_some(())
}

fn words(segment: &str) -> impl Iterator<Item = &str> {
    segment.split(is_word_break).filter(|word| !word.is_empty())
}

const fn is_word_break(c: char) -> bool {
    matches!(c, '-' | '_' | ' ')
}

fn is_one_of(word: &str, table: &[&str]) -> bool {
    table.iter().any(|entry| entry.eq_ignore_ascii_case(word))
}

fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    text.get(..prefix.len()).filter(|start| start.eq_ignore_ascii_case(prefix))?;
    text.get(prefix.len()..)
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// `(1)`, as file managers number copies.
fn is_copy_number(word: &str) -> bool {
    word.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).is_some_and(is_number)
}

/// `pre-update`, `pre_discord_fix`: a copy made before something. `pre-prod` is an environment.
fn is_state_before(segment: &str) -> bool {
    let mut words = words(segment);
    let starts = words.next().is_some_and(|word| is_one_of(word, &["before", "pre"]));
    starts && words.next().is_some_and(|word| !is_one_of(word, ENVIRONMENTS))
}

/// `20260301`, with or without a time of day behind, or `2026-03-01` and whatever follows.
fn starts_with_date(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let date = |from: &str, day_at: usize, month_at: usize| {
        let number = |at: usize, len: usize| from.get(at..at + len).and_then(|part| part.parse::<u16>().ok());
        matches!(number(0, 4), Some(1990..=2100))
            && matches!(number(month_at, 2), Some(1..=12))
            && matches!(number(day_at, 2), Some(1..=31))
    };
    let separated = |at: usize| text.as_bytes().get(at).is_some_and(|byte| is_word_break(char::from(*byte)));
    match digits {
        8 | 12 | 14 => date(text, 6, 4),
        4 => separated(4) && separated(7) && date(text, 8, 5),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `kind role [environment]`, or `-`.
    fn read(name: &str) -> String {
        classify(name).map_or_else(|| "-".to_owned(), |info| describe(&info))
    }

    fn describe(info: &NameInfo) -> String {
        let kind = if info.kind == Kind::Config { "config" } else { "env" };
        let role = match &info.role {
            Role::Live => "live".to_owned(),
            Role::Variant(name) => format!("variant:{name}"),
            Role::Template => "template".to_owned(),
            Role::Backup => "backup".to_owned(),
        };
        let environment = info.environment.as_ref().map(|name| format!(" @{name}")).unwrap_or_default();
        format!("{kind} {role}{environment}")
    }

    fn assert_all(table: &[(&str, &str)]) {
        for (name, expected) in table {
            assert_eq!(read(name), *expected, "{name}");
        }
    }

    #[test]
    fn configurations() {
        assert_all(&[
            ("openclaw.json", "config live"),
            ("openclaw.json5", "config live"),
            ("OpenClaw.JSON", "config live"),
            (".openclaw.json", "config live"),
            ("openclaw.config.json", "config live"),
            ("clawdbot.json", "config live"),
            ("openclaw.production.json", "config variant:production @production"),
            ("openclaw.Staging.json5", "config variant:Staging @Staging"),
            ("openclaw.pre-prod.json", "config variant:pre-prod @pre"),
            ("openclaw-remote.json", "config variant:remote @remote"),
            ("openclaw_setup.json", "config variant:setup @setup"),
            ("openclaw_mydiscord.json", "config variant:mydiscord @mydiscord"),
            ("openclaw-autonomous-config.json", "config variant:autonomous @autonomous"),
            ("openclaw.prod.cleaned.json", "config variant:prod.cleaned @prod"),
            ("prod.openclaw.json", "config variant:prod @prod"),
            ("openclaw.json.fast", "config variant:fast @fast"),
            ("openclaw-quality.patch.json", "config variant:quality.patch @quality.patch"),
        ]);
    }

    #[test]
    fn templates() {
        assert_all(&[
            ("openclaw.json.template", "config template"),
            ("openclaw.json.example", "config template"),
            ("openclaw.json-example", "config template"),
            ("openclaw.example.json", "config template"),
            ("openclaw-example.json", "config template"),
            ("example.openclaw.json5", "config template"),
            ("openclaw.json.j2", "config template"),
            ("openclaw.sanitized.json", "config template"),
            ("openclaw.production.json.tmpl", "config template @production"),
            ("openclaw.json.template.bak", "config template"),
            (".env.example", "env template"),
            (".env-sample", "env template"),
            ("env.example", "env template"),
            (".env.production.dist", "env template @production"),
            ("bot.env.example", "env template @bot"),
        ]);
    }

    #[test]
    fn backups() {
        assert_all(&[
            ("openclaw.json.bak", "config backup"),
            ("openclaw.json.bak.1", "config backup"),
            ("openclaw.json.backup", "config backup"),
            ("openclaw.json.backup.20260301", "config backup"),
            ("openclaw.json.20260301-1200", "config backup"),
            ("openclaw.json.2026-03-01T12-00-00", "config backup"),
            ("openclaw.json.bak-before-upgrade", "config backup"),
            ("openclaw.json.pre_discord_fix.b", "config backup"),
            ("openclaw.json.last-good", "config backup"),
            ("openclaw.json.clobbered.2026-05-01T00-00-00-000Z", "config backup"),
            ("openclaw.json.1234.abc-def.tmp", "config backup"),
            ("openclaw.json~", "config backup"),
            ("openclaw.json.old", "config backup"),
            ("openclaw.json.orig", "config backup"),
            ("openclaw.backup.json", "config backup"),
            ("openclaw-2026-03-01.json", "config backup"),
            ("openclaw-prod-20260301.json", "config backup @prod"),
            ("openclaw copy 2.json", "config backup"),
            ("openclaw (1).json", "config backup"),
            ("openclaw.production.json.bak.2", "config backup @production"),
            (".env.bak", "env backup"),
            (".env~", "env backup"),
            (".env.production.old", "env backup @production"),
            ("gateway.env.bak", "env backup"),
        ]);
    }

    #[test]
    fn env_files() {
        assert_all(&[
            (".env", "env live"),
            ("gateway.env", "env live"),
            ("openclaw.env", "env live"),
            (".env.local", "env variant:local @local"),
            (".env.production", "env variant:production @production"),
            (".env.production.local", "env variant:production.local @production"),
            ("prod.env", "env variant:prod @prod"),
        ]);
    }

    #[test]
    fn names_that_are_not_ours() {
        for name in [
            "openclaw.plugin.json",
            "openclaw.plugin.json5",
            "openclaw-lint.json5",
            ".openclaw-lint.json5",
            "openclaw-lint.json",
            "openclaw-lint-baseline.json",
            "openclaw.schema.json",
            "openclaw-config.schema.json",
            "openclaw.lock.json",
            "openclaw.sops.json",
            "openclaw.json.gz",
            "openclaw.json.md",
            "openclaw.json.lock",
            ".openclaw.json.swp",
            ".#openclaw.json",
            "#openclaw.json#",
            "openclaw",
            "openclaw.yaml",
            "openclaw.jsonl",
            "myopenclaw.json",
            "package.json",
            "config.json",
            "tsconfig.json",
            ".envrc",
            ".env.ts",
            ".env.json",
            ".env.vault",
            ".env-cmdrc",
            "env",
            "vite.env.d.ts",
            "app.env.production",
            "environment",
            "",
            ".",
            "..",
            "~",
        ] {
            assert_eq!(read(name), "-", "{name}");
        }
    }

    #[test]
    fn explicit_names_are_always_something() {
        let table = [
            ("config.json", "config live"),
            ("production.json", "config live @production"),
            ("my.example.json", "config template"),
            ("whatever", "config live"),
            (".bashrc", "env live"),
            (".envrc", "env live"),
            ("env", "env live"),
            ("app.env.production", "env live @production"),
            (".env.json", "config live"),
            ("setup.sh", "env live"),
            ("notes~", "config backup"),
            ("openclaw.plugin.json", "config live"),
            ("", "config live"),
        ];
        for (name, expected) in table {
            assert_eq!(describe(&classify_explicit(name)), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_name_panics(name in "\\PC{0,40}", tail in "(openclaw|\\.env|json5?|[-_.~ ()0-9é]){0,9}") {
            for name in [&name, &tail, &format!("openclaw{name}.json{tail}")] {
                let _ = classify(name);
                let _ = classify_explicit(name);
            }
        }
    }
}
