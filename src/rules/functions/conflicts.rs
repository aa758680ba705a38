//! Functions about settings that contradict each other: two ways to authenticate, providers and their default.

use crate::credentials::table;
use crate::language::Param;
use crate::project::{Config, Member, Path, Segment, Value};
use crate::rules::Violation;
use crate::rules::model::Call;
use crate::rules::select::Target;

use super::held::Variables;
use super::{Function, Input, NO_OPTIONS};

/// Two ways to authenticate. Outcomes, with the label `other`: `managed-identity`, `gateway`, `aws-sdk` (parameter
/// `parent`), `key-header` (`parent`, `header`).
pub(super) const AUTHENTICATION: Function =
    Function { name: "conflicting-auth", options: NO_OPTIONS, run: authentication };

/// The guide's default provider. Outcomes: `ambiguous` (`count`, `providers`, `first`; labels `provider`), `unknown` and
/// `route` (`name`, `providers`, `path`).
pub(super) const DEFAULT_PROVIDER: Function =
    Function { name: "default-provider", options: NO_OPTIONS, run: default_provider };

fn roots<'a>(input: &Input<'a>) -> impl Iterator<Item = (&'a Config, &'a Value)> {
    input.targets.iter().filter_map(|target| match target {
        Target::Config(config) => config.root.as_ref().map(|root| (*config, root)),
        _ => None,
    })
}

/// A member below `root`, with its path.
fn find<'v>(root: &'v Value, keys: &[&str]) -> Option<(&'v Member, Path)> {
    let (last, parents) = keys.split_last()?;
    let parent = parents.iter().try_fold(root, |value, key| value.get(key))?;
    let path = keys.iter().fold(Path::root(), |path, key| path.key(key));
    parent.member(last).map(|member| (member, path))
}

/// Whether a credential is given here: text, or a SecretRef.
fn is_given(value: &Value) -> bool {
    match value.as_str() {
        Some(text) => !text.trim().is_empty(),
        None => !value.members().is_empty(),
    }
}

fn authentication(_: &Call, input: &Input<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    for (_, root) in roots(input) {
        found.extend(managed_identity(root));
        found.extend(gateway(root));
        for provider in
            root.get("models").and_then(|models| models.get("providers")).map(Value::members).unwrap_or_default()
        {
            let path = Path::root().key("models").key("providers").key(&provider.key);
            found.extend(aws_sdk(&provider.value, &path));
            found.extend(key_header(&provider.value, &path));
        }
    }
    found
}

fn managed_identity(root: &Value) -> Option<Violation> {
    let (switch, _) = find(root, &["auth", "providers", "azure", "useManagedIdentity"])?;
    let (key, path) = find(root, &["secrets", "azure", "apiKey"])?;
    let conflict = switch.value.as_bool() == Some(true) && is_given(&key.value);
    let violation = Violation::new("managed-identity", key.value.origin).at_path(path);
    conflict.then(|| violation.related(switch.key_origin, "other"))
}

fn gateway(root: &Value) -> Option<Violation> {
    let (token, _) = find(root, &["gateway", "auth", "token"])?;
    let (password, path) = find(root, &["gateway", "auth", "password"])?;
    let remote = find(root, &["gateway", "mode"]).is_some_and(|(mode, _)| mode.value.as_str() == Some("remote"));
    let decided = find(root, &["gateway", "auth", "mode"]).is_some();
    let conflict = !remote && !decided && is_given(&token.value) && is_given(&password.value);
    let violation = Violation::new("gateway", password.value.origin).at_path(path);
    conflict.then(|| violation.related(token.key_origin, "other"))
}

fn aws_sdk(provider: &Value, path: &Path) -> Option<Violation> {
    let auth = provider.member("auth").filter(|auth| auth.value.as_str() == Some("aws-sdk"))?;
    let key = provider.get("apiKey").filter(|key| is_given(key))?;
    // OpenClaw writes the name of an AWS variable there itself, to say where the credentials come from.
    let markers = &table().markers().exact;
    let marker = key.as_str().is_some_and(|text| markers.contains(&text.trim()));
    let violation = Violation::new("aws-sdk", key.origin).at_path(path.key("apiKey")).param("parent", path.to_string());
    (!marker).then(|| violation.related(auth.key_origin, "other"))
}

/// Headers that hold a key; `Authorization` has a word in front of it.
const KEY_HEADERS: &[&str] = &["api-key", "authorization", "x-api-key"];

fn key_header(provider: &Value, path: &Path) -> Option<Violation> {
    let key = provider.get("apiKey").filter(|key| is_given(key))?;
    let headers = provider.get("headers").map(Value::members).unwrap_or_default();
    let is_key = |header: &&Member| KEY_HEADERS.iter().any(|name| header.key.eq_ignore_ascii_case(name));
    let header = headers.iter().find(|header| is_key(header) && differ(key, &header.value))?;
    let violation =
        Violation::new("key-header", key.origin).at_path(path.key("apiKey")).param("parent", path.to_string());
    Some(violation.param("header", &*header.key).related(header.value.origin, "other"))
}

/// Whether two credentials surely are not the same: two values that are known, or two unknown variables.
fn differ(a: &Value, b: &Value) -> bool {
    match (a.as_written(), b.as_written()) {
        (Some(written_a), Some(written_b)) if a.unresolved == b.unresolved => {
            bare(written_a) != bare(written_b) && a.as_str().map(bare) != b.as_str().map(bare)
        }
        _ => false,
    }
}

/// Without the word that a header puts in front.
fn bare(text: &str) -> &str {
    let text = text.trim();
    ["Bearer ", "bearer ", "Basic "].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text).trim()
}

fn default_provider(_: &Call, input: &Input<'_>) -> Vec<Violation> {
    let variables = Variables::of(input.project);
    roots(input).flat_map(|(_, root)| of_guide(root, &variables)).collect()
}

fn of_guide(root: &Value, variables: &Variables<'_>) -> Vec<Violation> {
    let secrets = root.member("secrets");
    let is_provider = |member: &&Member| table().guide().iter().any(|entry| entry.id == &*member.key);
    let members = secrets.map(|secrets| secrets.value.members()).unwrap_or_default();
    let configured: Vec<&Member> =
        members.iter().filter(is_provider).filter(|member| !member.value.members().is_empty()).collect();
    let default = find(root, &["gateway", "defaultProvider"]);
    let routing = find(root, &["gateway", "routing"]);
    let names = Names { configured: &configured, variables };
    let mut found: Vec<Violation> =
        default.as_ref().and_then(|(member, path)| names.check("unknown", &member.value, path)).into_iter().collect();
    if let Some((member, path)) = &routing {
        routes(&member.value, path, &names, &mut found);
    }
    if let (Some(secrets), None, None) = (secrets, default, routing)
        && configured.len() > 1
    {
        found.push(ambiguous(secrets, &configured));
    }
    found
}

fn ambiguous(secrets: &Member, configured: &[&Member]) -> Violation {
    let names: Vec<&str> = configured.iter().map(|member| &*member.key).collect();
    let mut violation = Violation::new("ambiguous", secrets.key_origin)
        .at_path(Path::root().key("gateway").key("defaultProvider"))
        .param("count", names.len().to_string())
        .param("first", names.first().copied().unwrap_or_default())
        .param("providers", Param::list(names.iter().copied(), ", "));
    for member in configured {
        violation = violation.related(member.key_origin, "provider");
    }
    violation
}

/// Providers that have credentials, in the file or in an env file.
struct Names<'a> {
    configured: &'a [&'a Member],
    variables: &'a Variables<'a>,
}

impl Names<'_> {
    fn check(&self, outcome: &str, value: &Value, path: &Path) -> Option<Violation> {
        let name = value.as_str().filter(|name| !name.trim().is_empty() && !value.unresolved)?;
        let in_env = || {
            let guide = table().guide().iter().find(|entry| entry.id == name);
            let provider = guide.and_then(|entry| table().provider(entry.provider)).or_else(|| table().provider(name));
            let own = guide.map(|entry| entry.env.as_slice()).unwrap_or_default();
            own.iter()
                .chain(provider.map(|provider| provider.env.as_slice()).unwrap_or_default())
                .any(|name| self.variables.sets(name))
        };
        if self.configured.iter().any(|member| &*member.key == name) || in_env() {
            return None;
        }
        let names: Vec<&str> = self.configured.iter().map(|member| &*member.key).collect();
        let violation = Violation::new(outcome, value.origin).at_path(path.clone());
        Some(
            violation
                .param("name", name)
                .param("path", path.to_string())
                .param("providers", Param::list(names.iter().copied(), ", ")),
        )
    }
}

/// Members named `provider` at any depth of the routing rules. Depth is bounded by the parser.
fn routes(value: &Value, path: &Path, names: &Names<'_>, found: &mut Vec<Violation>) {
    for (index, item) in value.items().iter().enumerate() {
        routes(item, &path.index(index), names, found);
    }
    for member in value.members() {
        let mut path = path.clone();
        path.push(Segment::Key(member.key.clone()));
        if &*member.key == "provider" {
            found.extend(names.check("route", &member.value, &path));
        }
        routes(&member.value, &path, names, found);
    }
}
