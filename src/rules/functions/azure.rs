//! Functions about Azure OpenAI: addresses, names of deployments, API versions, and what a provider must have.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::credentials::azure::{self, ApiVersion, DeploymentProblem, Endpoint, EndpointProblem};
use crate::credentials::{AzureCloud, EnvKind, table};
use crate::language::Param;
use crate::project::reference::{self, Token};
use crate::project::{Layout, Origin, Path, Value};
use crate::rules::Violation;
use crate::rules::model::Call;
use crate::rules::select::{Node, Target};

use super::held::Variables;
use super::{Function, Input, endpoint, options};

/// Addresses and names of deployments. Outcomes for names: `resource`, `deployment`, `no-deployment`,
/// `deployment-url`, `deployment-path`; for addresses `not-url`, `portal`, `other-vendor` (`owner`), `misspelt` (`found`, `suggestion`),
/// `resource-name` (`suffix`), `http`, `deployment-in-path`, `version-missing`, `query`, `path`, `openai-provider`,
/// `sovereign`. All have the parameters `slot`, `origin` and `base`. An address has one finding at most.
pub(super) const AZURE: Function = Function { name: "azure", options: ADDRESS_OPTIONS, run: names_and_addresses };

/// API versions. Outcomes: `shape`, `retired`, `control-plane`, `unknown`, and `v1` (parameter `base`, label `base`). All
/// have the parameters `slot`, `version` and `latest`.
pub(super) const VERSION: Function = Function { name: "azure-version", options: super::NO_OPTIONS, run: versions };

/// What an Azure provider must have. Outcomes: `guide` (`missing`, `example`), `base-url`, `speech`; all with `parent`.
pub(super) const FIELDS: Function = Function { name: "azure-fields", options: FIELD_OPTIONS, run: fields };

/// The API of OpenClaw that speaks Azure's v1 paths.
const AZURE_API: &str = "azure-openai-responses";
const FOUNDRY: &str = "microsoft-foundry";

const ADDRESS_OPTIONS: &str = r#"{
    "type": "object",
    "additionalProperties": false,
    "properties": { "portals": { "type": "array", "items": { "type": "string" } } }
}"#;

#[derive(Default, Deserialize)]
struct AddressOptions {
    /// Hosts of websites about Azure, which no resource has.
    #[serde(default)]
    portals: Vec<String>,
}

/// What an address is for.
enum Use<'a> {
    Guide,
    /// A provider of OpenClaw's layout and its name.
    Provider(&'a str, &'a Value),
    /// `AZURE_OPENAI_BASE_URL`
    BaseUrl,
    /// `AZURE_OPENAI_ENDPOINT`, whose path OpenClaw cuts off.
    Setup,
}

/// A text and where it stands.
struct Place {
    origin: Origin,
    path: Option<Path>,
    shown: String,
}

impl Place {
    fn violation(&self, outcome: &str) -> Violation {
        let mut violation = Violation::new(outcome, self.origin).param("slot", self.shown.clone());
        violation.path.clone_from(&self.path);
        violation
    }

    /// With the parts of an address that words need.
    fn address(&self, outcome: &str, url: &str) -> Violation {
        let base = url.trim().split(['?', '#']).next().unwrap_or_default();
        self.violation(outcome).param("origin", endpoint::origin(url)).param("base", base)
    }
}

fn names_and_addresses(given: &Call, input: &Input<'_>) -> Vec<Violation> {
    let options: Arc<AddressOptions> = options(given);
    let found = input.targets.iter().filter_map(|target| match target {
        Target::Node(node) => in_config(node, &options),
        Target::Entry(entry) => {
            let place = Place { origin: entry.value_origin(), path: None, shown: entry.entry.key.to_string() };
            let text = entry.entry.value.trim();
            match table().env_role(&entry.entry.key)?.kind {
                _ if text.is_empty() => None,
                EnvKind::Url if entry.entry.key.ends_with("_BASE_URL") => {
                    address(&place, text, &Use::BaseUrl, &options)
                }
                EnvKind::Url => address(&place, text, &Use::Setup, &options),
                _ => resource_name(&place, text),
            }
        }
        Target::Config(_) | Target::EnvFile(_) | Target::Project(_) => None,
    });
    found.collect()
}

fn in_config(node: &Node<'_>, options: &AddressOptions) -> Option<Violation> {
    let text = node.value.as_str().filter(|_| !node.value.unresolved && !is_azure_variable(node.value))?;
    let place = Place { origin: node.value.origin, path: Some(node.path.clone()), shown: node.path.to_string() };
    let purpose = match (node.config.layout, provider_of(node)) {
        (Layout::Guide, _) => Use::Guide,
        (Layout::OpenClaw, Some((name, settings))) if is_azure(name, settings) => Use::Provider(name, settings),
        (Layout::OpenClaw, _) => return None,
    };
    match node.path.last_key() {
        Some("deployment" | "id") => deployment(&place, text),
        _ => address(&place, text, &purpose, options),
    }
}

/// Whether the value is a variable that is judged where it is set.
fn is_azure_variable(value: &Value) -> bool {
    let mut tokens = value.raw.as_deref().map(reference::tokens).into_iter().flatten();
    tokens.any(|token| match token {
        Token::Reference { name, .. } => {
            table().env_role(name).is_some_and(|role| role.providers.iter().any(|p| p.id == FOUNDRY))
        }
        Token::Escape { .. } => false,
    })
}

/// The provider of OpenClaw's layout that a node belongs to.
fn provider_of<'a>(node: &'a Node<'a>) -> Option<(&'a str, &'a Value)> {
    let name = node.provider.as_deref()?;
    let settings = node.config.root.as_ref()?.get("models")?.get("providers")?.get(name)?;
    Some((name, settings))
}

fn is_azure(name: &str, settings: &Value) -> bool {
    let by_api = || settings.get("api").and_then(Value::as_str) == Some(AZURE_API);
    let by_name = || table().provider(name).is_some_and(|provider| provider.id == FOUNDRY);
    let by_host = || settings.get("baseUrl").and_then(Value::as_str).is_some_and(azure::is_azure);
    by_api() || by_name() || by_host()
}

fn deployment(place: &Place, name: &str) -> Option<Violation> {
    Some(match azure::deployment_problem(name)? {
        DeploymentProblem::Placeholder => place.violation("deployment"),
        DeploymentProblem::Empty => place.violation("no-deployment"),
        DeploymentProblem::Url => place.violation("deployment-url"),
        DeploymentProblem::Path => place.violation("deployment-path"),
        DeploymentProblem::Blank | DeploymentProblem::Unusual => return None,
    })
}

fn resource_name(place: &Place, name: &str) -> Option<Violation> {
    let endpoint = azure::endpoint(&format!("https://{name}.openai.azure.com"));
    endpoint.problems.contains(&EndpointProblem::PlaceholderResource).then(|| place.violation("resource"))
}

/// What is wrong with an address, the worst only: mending it often mends the rest.
fn address(place: &Place, url: &str, purpose: &Use<'_>, options: &AddressOptions) -> Option<Violation> {
    let endpoint = azure::endpoint(url);
    let has = |problem| endpoint.problems.contains(&problem);
    let of = |outcome| place.address(outcome, url);
    if has(EndpointProblem::PlaceholderResource) {
        return Some(of("resource"));
    }
    if has(EndpointProblem::NotUrl) {
        return Some(of("not-url"));
    }
    if !endpoint.is_azure() {
        return strange_host(place, url, &endpoint, options);
    }
    if has(EndpointProblem::BadResourceName) {
        let suffix = endpoint.resource.as_deref().and_then(|resource| endpoint.host.strip_prefix(resource));
        return Some(of("resource-name").param("suffix", suffix.unwrap_or(&endpoint.host)));
    }
    if has(EndpointProblem::PlainHttp) {
        return Some(of("http"));
    }
    let outcome = match purpose {
        Use::Guide => (!matches!(endpoint::tail(url), "" | "/")).then_some("path"),
        Use::Setup => None,
        Use::BaseUrl => v1_path(url, &endpoint),
        Use::Provider(name, settings) => provider_path(name, settings, url, &endpoint),
    };
    outcome.map(of)
}

/// Hosts that are not Azure's: gateways and private endpoints are nobody's business, a few are certainly wrong.
fn strange_host(place: &Place, url: &str, endpoint: &Endpoint, options: &AddressOptions) -> Option<Violation> {
    if options.portals.contains(&endpoint.host) {
        return Some(place.address("portal", url));
    }
    if let Some(owner) = endpoint::other_vendor(url) {
        return Some(place.address("other-vendor", url).param("owner", owner));
    }
    if let Some(violation) = without_service(place, url, endpoint) {
        return Some(violation);
    }
    let (found, suggestion) = table().azure().hosts.iter().find_map(|known| {
        let found = same_length_end(&endpoint.host, known.suffix)?;
        (strsim::damerau_levenshtein(found, known.suffix) == 1).then_some((found, known.suffix))
    })?;
    Some(place.address("misspelt", url).param("found", found).param("suggestion", suggestion))
}

/// `contoso.azure.com`: between a resource and Azure's domain stands the name of the service.
fn without_service(place: &Place, url: &str, endpoint: &Endpoint) -> Option<Violation> {
    let known = table().azure().hosts.iter().find(|known| {
        let domain = known.suffix.trim_start_matches('.').split_once('.').map(|(_, domain)| domain);
        let resource = domain.and_then(|domain| endpoint.host.strip_suffix(domain)?.strip_suffix('.'));
        resource.is_some_and(|resource| !resource.is_empty() && !resource.contains('.'))
    })?;
    let (_, found) = endpoint.host.split_once('.')?;
    Some(place.address("misspelt", url).param("found", format!(".{found}")).param("suggestion", known.suffix))
}

/// As many labels from the end of a host as a suffix has, with the dot before them.
fn same_length_end<'h>(host: &'h str, suffix: &str) -> Option<&'h str> {
    let labels = suffix.matches('.').count();
    let at = host.rmatch_indices('.').nth(labels.checked_sub(1)?)?.0;
    host.get(at..)
}

fn v1_path(url: &str, endpoint: &Endpoint) -> Option<&'static str> {
    let tail = endpoint::tail(url);
    if endpoint.problems.contains(&EndpointProblem::DeploymentInPath) {
        return Some("deployment-in-path");
    }
    if tail.contains('?') {
        return Some("query");
    }
    let sovereign = endpoint.cloud.is_some_and(|cloud| cloud != AzureCloud::Public);
    (sovereign && !tail.contains("/openai/v1")).then_some("sovereign")
}

fn provider_path(name: &str, settings: &Value, url: &str, endpoint: &Endpoint) -> Option<&'static str> {
    if settings.get("api").and_then(Value::as_str) == Some(AZURE_API) {
        return v1_path(url, endpoint);
    }
    let header = |name: &str| {
        settings.get("headers").is_some_and(|all| all.members().iter().any(|one| one.key.eq_ignore_ascii_case(name)))
    };
    if endpoint.problems.contains(&EndpointProblem::DeploymentInPath) && !header("api-version") {
        return Some("version-missing");
    }
    if endpoint::tail(url).contains('?') {
        return Some("query");
    }
    let chats = settings.get("models").is_some_and(|models| !models.items().is_empty());
    (name == "openai" && chats && !header("api-key")).then_some("openai-provider")
}

fn versions(_: &Call, input: &Input<'_>) -> Vec<Violation> {
    let found = input.targets.iter().filter_map(|target| match target {
        Target::Node(node) => {
            let wanted = node.config.layout == Layout::Guide
                || provider_of(node).is_some_and(|(name, value)| is_azure(name, value));
            let text =
                node.value.as_str().filter(|_| wanted && !node.value.unresolved && !is_azure_variable(node.value))?;
            let place =
                Place { origin: node.value.origin, path: Some(node.path.clone()), shown: node.path.to_string() };
            version(&place, text)
        }
        Target::Entry(entry) => {
            let place = Place { origin: entry.value_origin(), path: None, shown: entry.entry.key.to_string() };
            let text = entry.entry.value.trim();
            let text = Some(text).filter(|text| !text.is_empty())?;
            version(&place, text).or_else(|| for_v1(&place, text, input))
        }
        Target::Config(_) | Target::EnvFile(_) | Target::Project(_) => None,
    });
    found.collect()
}

fn version(place: &Place, text: &str) -> Option<Violation> {
    let outcome = match azure::api_version(text) {
        ApiVersion::BadShape => "shape",
        ApiVersion::Retired => "retired",
        ApiVersion::ControlPlaneOnly => "control-plane",
        ApiVersion::Unknown if !is_newer(text) => "unknown",
        ApiVersion::Unknown | ApiVersion::Ga | ApiVersion::Preview | ApiVersion::V1 => return None,
    };
    Some(versioned(place, outcome, text))
}

fn versioned(place: &Place, outcome: &str, text: &str) -> Violation {
    let latest = table().azure().ga.first().copied().unwrap_or_default();
    // Only what has the shape of a version is repeated: anything else may be a credential in the wrong line.
    let shown = if outcome == "shape" { "" } else { text };
    place.violation(outcome).param("latest", latest).param("version", shown)
}

/// Whether a date is later than all that the table lists. Dates compare as text.
fn is_newer(text: &str) -> bool {
    let facts = table().azure();
    let known = facts.ga.iter().chain(&facts.preview).chain(&facts.control_plane_only);
    known.max().is_some_and(|last| text.trim() > *last)
}

/// A dated version, while a provider uses the v1 API and none needs a date.
fn for_v1(place: &Place, text: &str, input: &Input<'_>) -> Option<Violation> {
    if !matches!(azure::api_version(text), ApiVersion::Ga | ApiVersion::Preview) {
        return None;
    }
    let roots = input.project.configs.iter().filter_map(|config| config.root.as_ref());
    let providers = roots.filter_map(|root| root.get("models")?.get("providers")).flat_map(Value::members);
    let mut v1 = None;
    for provider in providers {
        let base = provider.value.get("baseUrl").filter(|base| base.as_str().is_some_and(azure::is_azure));
        match (base, provider.value.get("api").and_then(Value::as_str)) {
            (Some(base), Some(AZURE_API)) => v1 = v1.or(Some(base)),
            // Another way to use Azure, which may need the date.
            (Some(_), _) => return None,
            (None, _) => {}
        }
    }
    let base = v1?;
    Some(versioned(place, "v1", text).param("base", base.as_str().unwrap_or_default()).related(base.origin, "base"))
}

const FIELD_OPTIONS: &str = r#"{
    "type": "object",
    "additionalProperties": false,
    "properties": {
        "examples": { "type": "object", "additionalProperties": { "type": "string" } },
        "variables": { "type": "object", "additionalProperties": { "type": "array", "items": { "type": "string" } } }
    }
}"#;

#[derive(Default, Deserialize)]
struct FieldOptions {
    /// A value for each field, as one would write it.
    #[serde(default)]
    examples: BTreeMap<String, String>,
    /// For each outcome the variables that give an address as well.
    #[serde(default)]
    variables: BTreeMap<String, Vec<String>>,
}

fn fields(given: &Call, input: &Input<'_>) -> Vec<Violation> {
    let options: Arc<FieldOptions> = options(given);
    let variables = Variables::of(input.project);
    let nodes = input.targets.iter().filter_map(|target| match target {
        Target::Node(node) => Some(node),
        _ => None,
    });
    let found = nodes.filter_map(|node| {
        let set = |name: &str| variables.sets(name) || own_variable(node, name);
        let violation = match (node.config.layout, node.path.last_key()?) {
            (Layout::Guide, _) => guide_fields(node, &options, set)?,
            (Layout::OpenClaw, "azure-speech") if !is_model_provider(node) => {
                lacks(node, "speech", &["region", "endpoint", "baseUrl"], &options, set)?
            }
            (Layout::OpenClaw, _) if is_model_provider(node) && uses_azure_api(node.value) => {
                lacks(node, "base-url", &["baseUrl"], &options, set)?
            }
            (Layout::OpenClaw, _) => return None,
        };
        let mut violation = violation.at_path(node.path.clone()).param("parent", node.path.to_string());
        // An empty field has a place of its own.
        violation.key = node.key.filter(|key| *key == violation.place);
        Some(violation)
    });
    found.collect()
}

fn is_model_provider(node: &Node<'_>) -> bool {
    node.path
        .segments()
        .first()
        .is_some_and(|first| matches!(first, crate::project::Segment::Key(key) if &**key == "models"))
}

fn uses_azure_api(settings: &Value) -> bool {
    let own_address = |model: &Value| model.get("baseUrl").is_some();
    settings.get("api").and_then(Value::as_str) == Some(AZURE_API)
        && !settings.get("models").is_some_and(|models| models.items().iter().any(own_address))
}

/// Whether the config itself sets a variable.
fn own_variable(node: &Node<'_>, name: &str) -> bool {
    let vars = node.config.root.as_ref().and_then(|root| root.get("env")?.get("vars"));
    vars.and_then(|vars| vars.get(name)?.as_str()).is_some_and(|text| !text.trim().is_empty())
}

fn is_blank(settings: &Value, key: &str) -> bool {
    match settings.get(key) {
        Some(value) => value.as_str().is_some_and(|text| text.trim().is_empty()),
        None => true,
    }
}

fn guide_fields(node: &Node<'_>, options: &FieldOptions, set: impl Fn(&str) -> bool) -> Option<Violation> {
    let facts = table().guide().iter().find(|entry| entry.id == "azure")?;
    let names = table().provider(facts.provider).map(|provider| provider.env.as_slice()).unwrap_or_default();
    let identity = || {
        let auth = node.config.root.as_ref()?.get("auth")?.get("providers")?.get("azure")?;
        auth.get("useManagedIdentity")?.as_bool()
    };
    let key_elsewhere = || facts.env.iter().chain(names).any(|name| set(name)) || identity() == Some(true);
    let missing = facts.required.iter().copied().filter(|field| is_blank(node.value, field));
    let missing: Vec<&str> = missing.filter(|field| *field != "apiKey" || !key_elsewhere()).collect();
    if missing.is_empty() {
        return None;
    }
    let example = |field: &&str| options.examples.get(*field).map(|value| format!("{field}: \"{value}\""));
    let examples: Vec<String> = missing.iter().filter_map(example).collect();
    // A field that is there and empty is where to write.
    let empty = match missing[..] {
        [field] => node.value.get(field).map(|value| value.origin),
        _ => None,
    };
    let violation = Violation::new("guide", empty.or(node.key).unwrap_or(node.value.origin));
    Some(violation.param("missing", Param::list(missing, "`, `")).param("example", examples.join(", ")))
}

/// One of the keys, or one of the variables for the same.
fn lacks(
    node: &Node<'_>,
    outcome: &str,
    keys: &[&str],
    options: &FieldOptions,
    set: impl Fn(&str) -> bool,
) -> Option<Violation> {
    let by_variable = options.variables.get(outcome).is_some_and(|names| names.iter().any(|name| set(name)));
    let missing = keys.iter().all(|key| is_blank(node.value, key));
    (missing && !by_variable).then(|| Violation::new(outcome, node.key.unwrap_or(node.value.origin)))
}
