//! Programs that configs name, looked at on this machine. Only on demand: a verdict in CI must not depend on what is
//! installed there.
//!
//! Source: OpenClaw 2026.9.6 refuses a program for secrets that it cannot read, that is a link, that lies outside of its
//! trusted folders, that others may write to, or that belongs to another account.

use std::path::Path as FilePath;

use crate::finding::Finding;
use crate::host::{FileType, Host, lexical};
use crate::language::Language;
use crate::project::{Config, Path, Value};
use crate::rules::{Catalog, Violation};

const RULE: &str = "secrets/exec-program";

pub(super) fn check(config: &Config, catalog: &Catalog, language: Language, host: &dyn Host) -> Vec<Finding> {
    let providers = config.root.as_ref().and_then(|root| root.get("secrets")?.get("providers"));
    let members = providers.map(Value::members).unwrap_or_default();
    let programs = members.iter().filter(|member| member.value.get("source").and_then(Value::as_str) == Some("exec"));
    let violations = programs.filter_map(|member| {
        let path = Path::root().key("secrets").key("providers").key(&member.key).key("command");
        violation(&member.value, path, host)
    });
    violations.filter_map(|violation| catalog.finding(RULE, violation, language)).collect()
}

fn violation(provider: &Value, path: Path, host: &dyn Host) -> Option<Violation> {
    let command = provider.get("command").filter(|command| !command.unresolved)?;
    let program = FilePath::new(command.as_str()?);
    // A path of another form is refused by its text alone.
    let outcome = if program.is_absolute() { judge(provider, program, host)? } else { return None };
    Some(Violation::new(outcome, command.origin).at_path(path.clone()).param("path", path.to_string()))
}

fn judge(provider: &Value, program: &FilePath, host: &dyn Host) -> Option<&'static str> {
    let Ok(found) = host.metadata(program) else { return Some("missing") };
    if found.file_type != FileType::File {
        return Some("no-file");
    }
    if host.is_link(program) {
        return Some("link");
    }
    let trusted = provider.get("trustedDirs").map(Value::items).unwrap_or_default();
    let real = host.canonicalize(program).unwrap_or_else(|| program.to_owned());
    let within =
        |folder: &Value| folder.as_str().is_some_and(|folder| real.starts_with(lexical(FilePath::new(folder))));
    if !trusted.is_empty() && !trusted.iter().any(within) {
        return Some("not-trusted");
    }
    let rights = found.rights?;
    if rights.mode & 0o022 != 0 {
        return Some("writable");
    }
    (host.account()? != rights.owner).then_some("owner")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{MemoryHost, Rights};
    use crate::project::{Kind, Member, Origin};
    use crate::source::{FileId, Span};

    fn text(text: &str) -> Value {
        Value::new(Kind::String(text.into()), Origin { file: FileId(0), span: Span::at(0) })
    }

    fn provider(trusted: &[&str]) -> Value {
        let origin = Origin { file: FileId(0), span: Span::at(0) };
        let folders = Value::new(Kind::Array(trusted.iter().map(|folder| text(folder)).collect()), origin);
        let member = Member { key: "trustedDirs".into(), key_origin: origin, value: folders };
        Value::new(Kind::Object(vec![member].into()), origin)
    }

    #[test]
    fn programs_are_judged_as_openclaw_does() {
        let mut host =
            MemoryHost::new("/").with_file("/opt/op", "x").with_file("/opt/open", "x").with_file("/opt/root", "x");
        host = host.with_link("/opt/link", "/opt/op");
        host.account = Some(1000);
        for (path, mode, owner) in [("/opt/op", 0o755, 1000), ("/opt/open", 0o775, 1000), ("/opt/root", 0o755, 0)] {
            host.attributes.insert(path.into(), (1, Rights { mode, owner }));
        }
        let judged = |path: &str, trusted: &[&str]| judge(&provider(trusted), FilePath::new(path), &host);
        assert_eq!(judged("/opt/op", &[]), None);
        assert_eq!(judged("/opt/op", &["/opt/"]), None);
        assert_eq!(judged("/opt/op", &["/usr/bin"]), Some("not-trusted"));
        assert_eq!(judged("/opt/nothing", &[]), Some("missing"));
        assert_eq!(judged("/opt", &[]), Some("no-file"));
        assert_eq!(judged("/opt/link", &[]), Some("link"));
        assert_eq!(judged("/opt/open", &[]), Some("writable"));
        assert_eq!(judged("/opt/root", &[]), Some("owner"));
    }
}
