//! The provider table: `rules/providers.json5` as typed data.
//!
//! Facts enter at build time; nothing from a linted file does. `build.rs` embeds each section of the table as compact
//! JSON, which is parsed when it is first asked for, with every string borrowed from the binary.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::packed::{self, HOSTS, IDS, TEXTS, VARIABLES};
use super::shape::Shape;

/// The text of one section, as `build.rs` wrote it.
macro_rules! section {
    ($name:literal) => {
        include_str!(concat!(env!("OUT_DIR"), "/providers.", $name, ".json"))
    };
}

const EMBEDDED: Sections = Sections {
    owners: section!("owners"),
    markers: section!("markers"),
    sentinels: section!("sentinels"),
    weak_gateway: section!("weakGateway"),
    placeholders: section!("placeholders"),
    shared_pairs: section!("sharedPairs"),
    verify: section!("verify"),
    misread_names: section!("misreadNames"),
    known_env: section!("knownEnv"),
    azure: section!("azure"),
    guide: section!("guide"),
    redaction: section!("redaction"),
};

/// Everything the project knows about providers and their credentials.
#[derive(Debug)]
pub struct Table {
    sections: Sections,
    /// Each by itself; `providers` has all of them once someone asks for all.
    single: Vec<OnceLock<Option<Box<Provider>>>>,
    providers: OnceLock<Vec<Provider>>,
    by_name: OnceLock<Vec<(&'static str, EnvKind, usize)>>,
    owners: OnceLock<Vec<Owner>>,
    markers: OnceLock<Markers>,
    sentinels: OnceLock<Vec<&'static str>>,
    weak_gateway: OnceLock<WeakGateway>,
    placeholders: OnceLock<Placeholders>,
    shared_pairs: OnceLock<Vec<Vec<&'static str>>>,
    verify: OnceLock<Vec<Verify>>,
    misread_names: OnceLock<Vec<Misread>>,
    known_env: OnceLock<KnownEnv>,
    azure: OnceLock<Azure>,
    guide: OnceLock<Vec<GuideProvider>>,
    redaction: OnceLock<Redaction>,
}

/// The JSON text of each section, not yet parsed.
#[derive(Debug, Clone, Copy)]
struct Sections {
    owners: &'static str,
    markers: &'static str,
    sentinels: &'static str,
    weak_gateway: &'static str,
    placeholders: &'static str,
    shared_pairs: &'static str,
    verify: &'static str,
    misread_names: &'static str,
    known_env: &'static str,
    azure: &'static str,
    guide: &'static str,
    redaction: &'static str,
}

/// A whole table in one JSON text, cut at its top level.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Whole {
    #[serde(borrow)]
    providers: &'static RawValue,
    #[serde(borrow)]
    owners: &'static RawValue,
    #[serde(borrow)]
    markers: &'static RawValue,
    #[serde(borrow)]
    sentinels: &'static RawValue,
    #[serde(borrow)]
    weak_gateway: &'static RawValue,
    #[serde(borrow)]
    placeholders: &'static RawValue,
    #[serde(borrow)]
    shared_pairs: &'static RawValue,
    #[serde(borrow)]
    verify: &'static RawValue,
    #[serde(borrow)]
    misread_names: &'static RawValue,
    #[serde(borrow)]
    known_env: &'static RawValue,
    #[serde(borrow)]
    azure: &'static RawValue,
    #[serde(borrow)]
    guide: &'static RawValue,
    #[serde(borrow)]
    redaction: &'static RawValue,
}

impl From<Whole> for Sections {
    fn from(whole: Whole) -> Sections {
        Sections {
            owners: whole.owners.get(),
            markers: whole.markers.get(),
            sentinels: whole.sentinels.get(),
            weak_gateway: whole.weak_gateway.get(),
            placeholders: whole.placeholders.get(),
            shared_pairs: whole.shared_pairs.get(),
            verify: whole.verify.get(),
            misread_names: whole.misread_names.get(),
            known_env: whole.known_env.get(),
            azure: whole.azure.get(),
            guide: whole.guide.get(),
            redaction: whole.redaction.get(),
        }
    }
}

impl Sections {
    fn check(&self) -> Result<(), String> {
        let s = self;
        let named = |name: &str, result: Result<(), String>| result.map_err(|error| format!("section {name}: {error}"));
        named("owners", read::<Vec<Owner>>(s.owners).map(drop))?;
        named("markers", read::<Markers>(s.markers).map(drop))?;
        named("sentinels", read::<Vec<&str>>(s.sentinels).map(drop))?;
        named("weakGateway", read::<WeakGateway>(s.weak_gateway).map(drop))?;
        named("placeholders", read::<Placeholders>(s.placeholders).map(drop))?;
        named("sharedPairs", read::<Vec<Vec<&str>>>(s.shared_pairs).map(drop))?;
        named("verify", read::<Vec<Verify>>(s.verify).map(drop))?;
        named("misreadNames", read::<Vec<Misread>>(s.misread_names).map(drop))?;
        named("knownEnv", read::<KnownEnv>(s.known_env).map(drop))?;
        named("azure", read::<Azure>(s.azure).map(drop))?;
        named("guide", read::<Vec<GuideProvider>>(s.guide).map(drop))?;
        named("redaction", read::<Redaction>(s.redaction).map(drop))
    }
}

/// What a provider is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Category {
    /// Language models.
    Model,
    /// Web search.
    Search,
    /// Speech, image, video.
    Media,
    /// Messaging channels.
    Channel,
    /// OpenClaw's own gateway.
    Gateway,
}

/// One provider or channel.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Provider {
    /// OpenClaw's id, such as `anthropic`.
    pub id: &'static str,
    /// The name for people, such as `Anthropic`.
    pub name: &'static str,
    /// Other ids that mean the same provider.
    #[serde(default, borrow)]
    pub aliases: Vec<&'static str>,
    /// What it is used for.
    pub category: Category,
    /// Variables in the order in which OpenClaw tries them.
    #[serde(borrow)]
    pub env: Vec<&'static str>,
    /// Variables for usage reports; they hold admin keys.
    #[serde(default, borrow)]
    pub usage_env: Vec<&'static str>,
    /// Variables (and config slots) that are not simply a credential.
    #[serde(default, borrow)]
    pub roles: BTreeMap<&'static str, EnvKind>,
    /// Default endpoint.
    #[serde(default, borrow)]
    pub base_url: Option<&'static str>,
    /// Other endpoints of the vendor: regions and plans.
    #[serde(default, borrow)]
    pub alt_base_urls: Vec<&'static str>,
    /// The user runs the server and makes the key up: no format is enforced.
    #[serde(default)]
    pub self_hosted: bool,
    /// Ids of providers whose keys are legitimate here; `*` means any.
    #[serde(default, borrow)]
    pub accepts: Vec<&'static str>,
    /// Config key to the slot that [`KeyFormat::slots`] names.
    #[serde(default, borrow)]
    pub config_slots: BTreeMap<&'static str, &'static str>,
    /// Not parsed before someone asks: most runs judge the keys of a few providers only.
    #[serde(default, borrow, rename = "formats")]
    formats_json: Option<&'static RawValue>,
    #[serde(default, borrow, rename = "lookalikes")]
    lookalikes_json: Option<&'static RawValue>,
    #[serde(skip)]
    formats: OnceLock<Vec<KeyFormat>>,
    #[serde(skip)]
    lookalikes: OnceLock<Vec<Lookalike>>,
}

impl Provider {
    /// Formats, the most certain first.
    #[must_use]
    pub fn formats(&self) -> &[KeyFormat] {
        lazily(&self.formats, self.formats_json.map_or("[]", RawValue::get)).as_slice()
    }

    /// What often lands here by mistake and is known from its shape.
    #[must_use]
    pub fn lookalikes(&self) -> &[Lookalike] {
        lazily(&self.lookalikes, self.lookalikes_json.map_or("[]", RawValue::get)).as_slice()
    }

    /// Whether any format of the vendor is known.
    #[must_use]
    pub fn has_formats(&self) -> bool {
        self.formats_json.is_some()
    }

    /// Whether both lists can be read.
    fn check(&self) -> Result<(), String> {
        let text = |json: Option<&'static RawValue>| json.map_or("[]", RawValue::get);
        let formats = read::<Vec<KeyFormat>>(text(self.formats_json)).map(drop);
        formats
            .and_then(|()| read::<Vec<Lookalike>>(text(self.lookalikes_json)).map(drop))
            .map_err(|e| format!("{}: {e}", self.id))
    }

    /// What a variable holds for this provider, if it reads it.
    fn kind_of(&self, name: &str) -> Option<EnvKind> {
        self.slots().find(|(known, _)| *known == name).map(|(_, kind)| kind)
    }

    /// All variables and slots that this provider names, with their roles.
    pub fn slots(&self) -> impl Iterator<Item = (&'static str, EnvKind)> {
        let role = |name: &&'static str, default| (*name, self.roles.get(name).copied().unwrap_or(default));
        let env = self.env.iter().map(move |name| role(name, EnvKind::Credential));
        let usage = self.usage_env.iter().map(move |name| role(name, EnvKind::Admin));
        let rest = self.roles.iter().filter(|(name, _)| !self.env.contains(name) && !self.usage_env.contains(name));
        env.chain(usage).chain(rest.map(|(name, kind)| (*name, *kind)))
    }
}

/// How much is known about a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Confidence {
    /// Length and alphabet are published.
    Exact,
    /// Length and alphabet are known, but sources differ or the shape is not unique.
    Shape,
    /// Only the prefix is known.
    Prefix,
}

/// One format of a provider's credentials.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyFormat {
    /// What it is, such as `API key`.
    pub kind: &'static str,
    /// Literal gate in front of the pattern; empty when there is none.
    pub prefix: &'static str,
    /// The anchored pattern, see [`Shape`].
    pub pattern: &'static str,
    /// How much is known about it.
    pub confidence: Confidence,
    /// Whether no other provider is known to issue this shape.
    pub distinctive: bool,
    /// Whether it can authenticate requests.
    pub usable: bool,
    /// The expected length for people, such as `108 characters`.
    pub length: &'static str,
    /// Prefixes that look like this format and are something else.
    #[serde(default, borrow)]
    pub exclude: Vec<&'static str>,
    /// Variables or config slots it belongs in; `None`: every credential of the provider; empty: nowhere.
    #[serde(default, borrow)]
    pub slots: Option<Vec<&'static str>>,
    /// Why it cannot be used, when it cannot.
    #[serde(default)]
    pub why: &'static str,
    /// The pattern of a value that was one of these and has lost or gained characters; empty when none is known.
    #[serde(default)]
    pub damaged: &'static str,
    #[serde(skip)]
    shape: OnceLock<Option<Shape>>,
}

impl KeyFormat {
    /// Whether the whole value has this format.
    #[must_use]
    pub fn matches(&self, value: &str) -> bool {
        value.starts_with(self.prefix)
            && !self.exclude.iter().any(|other| value.starts_with(other))
            && self.shape().is_some_and(|shape| shape.matches(value))
    }

    /// The parsed pattern; a test makes sure that there always is one.
    #[must_use]
    pub fn shape(&self) -> Option<&Shape> {
        self.shape.get_or_init(|| Shape::parse(self.pattern).ok()).as_ref()
    }

    /// Whether the value is one of these with characters missing or added. Values that have the format do not count.
    pub(crate) fn is_damaged(&self, value: &str) -> bool {
        !self.damaged.is_empty()
            && !self.exclude.iter().any(|other| value.starts_with(other))
            && Shape::parse(self.damaged).is_ok_and(|shape| shape.matches(value))
    }

    /// A prefix that says whose key this is; a bare `sk-` is everybody's.
    pub(crate) fn own_prefix(&self) -> Option<&'static str> {
        (self.distinctive && !self.prefix.is_empty() && self.prefix != "sk-").then_some(self.prefix)
    }

    pub(crate) fn is_firm(&self) -> bool {
        self.confidence != Confidence::Prefix
    }
}

/// Something that lands in a provider's slot by mistake.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Lookalike {
    /// The anchored pattern, see [`Shape`].
    pub pattern: &'static str,
    /// Whose it is.
    pub owner: &'static str,
    /// What it is.
    pub kind: &'static str,
    /// Where it belongs.
    #[serde(borrow)]
    pub belongs_in: Vec<&'static str>,
    /// Slots in which it is a mistake; empty: all.
    #[serde(default, borrow)]
    pub slots: Vec<&'static str>,
}

/// A prefix and whose key it announces.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Owner {
    /// The prefix.
    pub prefix: &'static str,
    /// The whole shape, where the prefix alone says too little.
    #[serde(default, borrow)]
    pub pattern: Option<&'static str>,
    /// Whose it is.
    pub owner: &'static str,
    /// What it is.
    pub kind: &'static str,
    /// Where it belongs; empty: in no slot of OpenClaw.
    #[serde(borrow)]
    pub belongs_in: Vec<&'static str>,
    /// Ids of the providers in whose slots it is at home.
    #[serde(default, borrow)]
    pub providers: Vec<&'static str>,
}

/// Words OpenClaw writes in place of a key.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Markers {
    /// Whole values.
    #[serde(borrow)]
    pub exact: Vec<&'static str>,
    /// Beginnings.
    #[serde(borrow)]
    pub prefix: Vec<&'static str>,
    /// A beginning that counts before a provider id.
    pub provider_prefix: &'static str,
}

/// Gateway secrets that OpenClaw refuses.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct WeakGateway {
    /// Whole values that make the start fail.
    #[serde(borrow)]
    pub values: Vec<&'static str>,
    /// Shorter secrets make its audit warn; in characters.
    pub min_length: usize,
}

/// What "not filled in yet" looks like; `placeholder.rs` applies it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Placeholders {
    /// Template brackets, opening and closing.
    #[serde(borrow)]
    pub wrappers: Vec<(&'static str, &'static str)>,
    /// Reference schemes of other tools.
    #[serde(borrow)]
    pub schemes: Vec<&'static str>,
    /// Word groups of a note to oneself.
    #[serde(borrow)]
    pub phrases: Vec<&'static str>,
    /// Words that make up nobody's key.
    #[serde(borrow)]
    pub vocabulary: Vec<&'static str>,
    /// What a person says that "your" is followed by.
    #[serde(borrow)]
    pub nouns: Vec<&'static str>,
    /// Words that say so by themselves.
    #[serde(borrow)]
    pub lone_words: Vec<&'static str>,
    /// Pieces in other scripts.
    #[serde(borrow)]
    pub contains: Vec<&'static str>,
    /// Keyboard walks and the like.
    #[serde(borrow)]
    pub sequences: Vec<&'static str>,
    /// Beginnings of documented samples.
    #[serde(borrow)]
    pub sample_prefixes: Vec<&'static str>,
    /// Ends of documented samples.
    #[serde(borrow)]
    pub sample_suffixes: Vec<&'static str>,
    /// Prefixes set aside before a body is judged.
    #[serde(borrow)]
    pub vendor_prefixes: Vec<&'static str>,
}

/// A request that tells a good key from a bad one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Verify {
    /// Provider id.
    pub provider: &'static str,
    /// The variable that holds the key.
    pub env: &'static str,
    /// Where to ask; may hold a `$NAME` for the shell.
    pub url: &'static str,
    /// The header up to the key; `None` when the URL carries it.
    #[serde(default, borrow)]
    pub header: Option<&'static str>,
    /// Further headers.
    #[serde(default, borrow)]
    pub also: Vec<&'static str>,
}

impl Verify {
    /// A `curl` line that prints the HTTP status only, reading the key from `variable` (the table's own when `None`).
    ///
    /// The name comes from the table or from an env file's key; anything that is not a plain variable name is ignored.
    #[must_use]
    pub fn command(&self, variable: Option<&str>) -> String {
        self.command_at(variable, None)
    }

    /// The same for a provider whose address the user has: `origin` (scheme and host) takes the place of the variable that
    /// the URL begins with.
    #[must_use]
    pub fn command_at(&self, variable: Option<&str>, origin: Option<&str>) -> String {
        let plain = |name: &&str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let variable = variable.filter(plain).unwrap_or(self.env);
        let url = self.url.replace(&format!("${}", self.env), &format!("${{{variable}}}"));
        let plain_origin = |origin: &&str| origin.bytes().all(|b| b.is_ascii_alphanumeric() || b".:/-".contains(&b));
        let path = url.strip_prefix('$').and_then(|rest| rest.split_once('/')).map(|(_, path)| path);
        let url = match origin.filter(plain_origin).zip(path) {
            Some((origin, path)) => format!("{origin}/{path}"),
            None => url,
        };
        let key = self.header.map(|header| format!(" -H \"{header}${variable}\"")).unwrap_or_default();
        let also: String = self.also.iter().map(|header| format!(" -H \"{header}\"")).collect();
        format!("curl -sS -o /dev/null -w \"%{{http_code}}\" \"{url}\"{key}{also}")
    }
}

/// A name that people expect OpenClaw to read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Misread {
    /// The name in the file.
    pub name: &'static str,
    /// The name OpenClaw reads; empty: none.
    pub reads: &'static str,
    /// The provider id without which the name is another tool's business.
    #[serde(default, borrow)]
    pub only_for: Option<&'static str>,
}

/// Names that mean something to OpenClaw, beyond provider credentials.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct KnownEnv {
    /// The supported operator contract.
    #[serde(borrow)]
    pub contract: Vec<&'static str>,
    /// Documented elsewhere.
    #[serde(borrow)]
    pub documented: Vec<&'static str>,
    /// Read by container set-ups, never by the program.
    #[serde(borrow)]
    pub container_only: Vec<&'static str>,
    /// Set by OpenClaw for its children.
    #[serde(borrow)]
    pub injected: Vec<&'static str>,
    /// Read without any promise.
    #[serde(borrow)]
    pub internal: Vec<&'static str>,
    /// Writes secrets somewhere or lowers a guard.
    #[serde(borrow)]
    pub dangerous: Vec<&'static str>,
    /// Prefixes of the product's earlier names.
    #[serde(borrow)]
    pub legacy_prefixes: Vec<&'static str>,
    /// Other owners' variables that OpenClaw or its runtime reads.
    #[serde(borrow)]
    pub foreign: Vec<&'static str>,
}

impl KnownEnv {
    /// Every `OPENCLAW_` name that is read.
    pub fn openclaw(&self) -> impl Iterator<Item = &'static str> {
        [&self.contract, &self.documented, &self.container_only, &self.injected, &self.internal]
            .into_iter()
            .flatten()
            .copied()
    }

    /// Whether the name is known in any group.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.openclaw()
            .chain(self.dangerous.iter().copied())
            .chain(self.foreign.iter().copied())
            .any(|known| known == name)
    }
}

/// Azure hosts and API versions.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Azure {
    /// Host suffixes.
    pub hosts: Vec<AzureHost>,
    /// Generally available versions, newest first.
    #[serde(borrow)]
    pub ga: Vec<&'static str>,
    /// Previews, newest first.
    #[serde(borrow)]
    pub preview: Vec<&'static str>,
    /// Versions the service refuses.
    #[serde(borrow)]
    pub retired: Vec<&'static str>,
    /// Versions of the management API only.
    #[serde(borrow)]
    pub control_plane_only: Vec<&'static str>,
    /// Words the v1 path takes.
    #[serde(borrow)]
    pub v1: Vec<&'static str>,
    /// Resource names from templates.
    #[serde(borrow)]
    pub placeholder_resources: Vec<&'static str>,
    /// Deployment names from templates.
    #[serde(borrow)]
    pub placeholder_deployments: Vec<&'static str>,
}

/// One host suffix of Azure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AzureHost {
    /// The suffix, with its leading dot.
    pub suffix: &'static str,
    /// Which service answers there.
    pub service: AzureService,
    /// Which cloud it is in.
    pub cloud: AzureCloud,
    /// Whether OpenClaw treats it as Azure.
    pub openclaw: bool,
}

/// Which Azure service a host belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AzureService {
    /// `<resource>.openai.azure.com`
    OpenAi,
    /// `<resource>.cognitiveservices.azure.com`
    CognitiveServices,
    /// `<resource>.services.ai.azure.com`
    AiServices,
    /// `<region>.api.cognitive.microsoft.com`
    Regional,
}

/// Which Azure cloud a host is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AzureCloud {
    /// The global cloud.
    Public,
    /// US Government.
    UsGovernment,
    /// China, run by 21Vianet.
    China,
}

/// One provider of the guide layout, `secrets.<id>`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct GuideProvider {
    /// The key under `secrets`.
    pub id: &'static str,
    /// The provider id of the table.
    pub provider: &'static str,
    /// Variables that the guide exports for it.
    #[serde(borrow)]
    pub env: Vec<&'static str>,
    /// The variable for the organization id.
    #[serde(default, borrow)]
    pub organization_env: Option<&'static str>,
    /// Members it may have.
    #[serde(borrow)]
    pub fields: Vec<&'static str>,
    /// Members it must have.
    #[serde(borrow)]
    pub required: Vec<&'static str>,
}

/// What gives a secret away in arbitrary text.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Redaction {
    /// Token characters needed after a prefix.
    pub min_body: usize,
    /// The prefixes.
    #[serde(borrow)]
    pub prefixes: Vec<&'static str>,
}

/// What a variable holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EnvKind {
    /// A credential that the provider issued.
    Credential,
    /// A secret that the user makes up (gateway token, webhook secret, password).
    Chosen,
    /// Several credentials, separated by commas, semicolons or spaces.
    List,
    /// An admin or session key for usage reports.
    Admin,
    /// A public identifier, such as an application id.
    Identifier,
    /// An endpoint.
    Url,
    /// A path of a file.
    Path,
    /// Any other setting.
    Setting,
}

impl EnvKind {
    /// Whether the value must stay secret.
    #[must_use]
    pub fn is_secret(self) -> bool {
        matches!(self, EnvKind::Credential | EnvKind::Chosen | EnvKind::List | EnvKind::Admin)
    }
}

/// What a variable is to OpenClaw.
#[derive(Debug, Clone)]
pub struct EnvRole<'a> {
    /// The name as the table spells it: the base name for a rotation name such as `OPENAI_API_KEY_2`.
    pub name: &'static str,
    /// What it holds.
    pub kind: EnvKind,
    /// The providers that read it.
    pub providers: Vec<&'a Provider>,
    /// Whether OpenClaw reads it only as a further key to rotate through.
    pub rotation: bool,
}

/// The embedded table.
#[must_use]
pub fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table::new(EMBEDDED))
}

/// Checks every section and pattern of a table in strict JSON (what `build.rs` makes of the JSON5 source).
///
/// # Errors
/// Names the section or the format that cannot be read.
pub fn check_table(json: &'static str) -> Result<(), String> {
    let whole: Whole = serde_json::from_str(json).map_err(|error| format!("the table: {error}"))?;
    let providers: Vec<Provider> =
        read(whole.providers.get()).map_err(|error| format!("section providers: {error}"))?;
    providers.iter().try_for_each(Provider::check).map_err(|error| format!("section providers: {error}"))?;
    let sections = Sections::from(whole);
    sections.check()?;
    let owners: Vec<Owner> = read(sections.owners)?;
    let parses = |pattern| Shape::parse(pattern).map(drop).map_err(|error| format!("{pattern}: {error}"));
    patterns(&providers, &owners).try_for_each(parses)
}

fn patterns(providers: &[Provider], owners: &[Owner]) -> impl Iterator<Item = &'static str> {
    let formats = providers.iter().flat_map(|p| p.formats().iter().map(|f| f.pattern));
    let lookalikes = providers.iter().flat_map(|p| p.lookalikes().iter().map(|l| l.pattern));
    formats.chain(lookalikes).chain(owners.iter().filter_map(|o| o.pattern))
}

fn read<T: Deserialize<'static>>(section: &'static str) -> Result<T, String> {
    serde_json::from_str(section).map_err(|error| error.to_string())
}

/// The build refuses a table that is not JSON and the tests one that does not fit; an empty section is the answer that
/// cannot panic.
fn lazily<'a, T: Deserialize<'static> + Default>(cell: &'a OnceLock<T>, section: &'static str) -> &'a T {
    cell.get_or_init(|| read(section).unwrap_or_default())
}

impl Table {
    fn new(sections: Sections) -> Table {
        Table {
            sections,
            single: TEXTS.iter().map(|_| OnceLock::new()).collect(),
            providers: OnceLock::new(),
            by_name: OnceLock::new(),
            owners: OnceLock::new(),
            markers: OnceLock::new(),
            sentinels: OnceLock::new(),
            weak_gateway: OnceLock::new(),
            placeholders: OnceLock::new(),
            shared_pairs: OnceLock::new(),
            verify: OnceLock::new(),
            misread_names: OnceLock::new(),
            known_env: OnceLock::new(),
            azure: OnceLock::new(),
            guide: OnceLock::new(),
            redaction: OnceLock::new(),
        }
    }

    /// Every pattern of the table.
    pub fn patterns(&self) -> impl Iterator<Item = &'static str> {
        patterns(self.providers(), self.owners())
    }

    /// All providers, in the order of the table.
    #[must_use]
    pub fn providers(&self) -> &[Provider] {
        // The tests read every text: none is missing.
        self.providers.get_or_init(|| TEXTS.iter().filter_map(|text| read(text).ok()).collect())
    }

    fn nth(&self, at: usize) -> Option<&Provider> {
        if let Some(all) = self.providers.get() {
            return all.get(at);
        }
        self.single.get(at)?.get_or_init(|| read(TEXTS.get(at)?).ok().map(Box::new)).as_deref()
    }

    /// A provider by its id or an alias.
    #[must_use]
    pub fn provider(&self, id: &str) -> Option<&Provider> {
        let (_, at) = packed::named(IDS, id).first()?;
        self.nth(*at)
    }

    /// The providers that have an endpoint at exactly this host, in the order of the table.
    pub fn providers_at(&self, host: &str) -> impl Iterator<Item = &Provider> {
        packed::named(HOSTS, host).iter().filter_map(|(_, at)| self.nth(*at))
    }

    /// The hosts of the providers' endpoints, sorted.
    pub fn hosts(&self) -> impl Iterator<Item = &'static str> {
        HOSTS.iter().map(|(host, _)| *host)
    }

    /// What a variable is to OpenClaw: `None` when no provider reads it.
    ///
    /// Rotation names count: `OPENAI_API_KEYS`, `OPENAI_API_KEY_<anything>`, `OPENCLAW_LIVE_OPENAI_KEY`.
    #[must_use]
    pub fn env_role(&self, name: &str) -> Option<EnvRole<'_>> {
        self.exact_role(name).or_else(|| self.rotation_role(name))
    }

    fn exact_role(&self, name: &str) -> Option<EnvRole<'_>> {
        let entries = packed::named(VARIABLES, name);
        let (known, _) = entries.first()?;
        let readers = entries.iter().filter_map(|(_, at)| self.nth(*at));
        let mut readers: Vec<(EnvKind, &Provider)> =
            readers.filter_map(|provider| Some((provider.kind_of(known)?, provider))).collect();
        readers.sort_by_key(|(kind, _)| *kind);
        let (kind, _) = readers.first()?;
        let kind = *kind;
        let providers = readers.into_iter().map(|(_, provider)| provider).collect();
        Some(EnvRole { name: known, kind, providers, rotation: false })
    }

    fn rotation_role(&self, name: &str) -> Option<EnvRole<'_>> {
        let (stem, kind) = rotation_stem(name)?;
        let base = match stem {
            // The Google providers share one rotation prefix.
            "GOOGLE" | "GEMINI" => "GEMINI_API_KEY".to_owned(),
            stem => format!("{stem}_API_KEY"),
        };
        let role = self.exact_role(&base).filter(|role| role.kind == EnvKind::Credential)?;
        let rotates = |p: &&Provider| p.category == Category::Model;
        role.providers.iter().any(rotates).then_some(EnvRole { kind, rotation: true, ..role })
    }

    fn by_name(&self) -> &[(&'static str, EnvKind, usize)] {
        self.by_name.get_or_init(|| {
            let all = self.providers().iter().enumerate();
            let upper = |name: &str| !name.contains(|c: char| c.is_ascii_lowercase());
            let slots = all.flat_map(|(at, provider)| provider.slots().map(move |(name, kind)| (name, kind, at)));
            let mut names: Vec<_> = slots.filter(|(name, ..)| upper(name)).collect();
            names.sort_unstable();
            names
        })
    }

    /// Names of all variables that providers read, sorted, each once, with what it holds.
    pub fn env_names(&self) -> impl Iterator<Item = (&'static str, EnvKind)> {
        let index = self.by_name();
        let repeated = |at: usize| at.checked_sub(1).and_then(|before| index.get(before));
        let first = move |(at, (name, ..)): &(usize, &(&'static str, EnvKind, usize))| {
            repeated(*at).is_none_or(|(before, ..)| before != name)
        };
        index.iter().enumerate().filter(first).map(|(_, (name, kind, _))| (*name, *kind))
    }

    /// Prefixes and whose keys they announce.
    #[must_use]
    pub fn owners(&self) -> &[Owner] {
        lazily(&self.owners, self.sections.owners).as_slice()
    }

    /// Words OpenClaw writes in place of a key.
    #[must_use]
    pub fn markers(&self) -> &Markers {
        lazily(&self.markers, self.sections.markers)
    }

    /// What redaction leaves behind.
    #[must_use]
    pub fn sentinels(&self) -> &[&'static str] {
        lazily(&self.sentinels, self.sections.sentinels).as_slice()
    }

    /// Gateway secrets that OpenClaw refuses.
    #[must_use]
    pub fn weak_gateway(&self) -> &WeakGateway {
        lazily(&self.weak_gateway, self.sections.weak_gateway)
    }

    /// What "not filled in yet" looks like.
    #[must_use]
    pub fn placeholders(&self) -> &Placeholders {
        lazily(&self.placeholders, self.sections.placeholders)
    }

    /// Groups of variables in which the same value is legitimate.
    #[must_use]
    pub fn shared_pairs(&self) -> &[Vec<&'static str>] {
        lazily(&self.shared_pairs, self.sections.shared_pairs).as_slice()
    }

    /// Whether the same value in both variables is legitimate.
    #[must_use]
    pub fn may_share(&self, a: &str, b: &str) -> bool {
        self.shared_pairs().iter().any(|group| group.contains(&a) && group.contains(&b))
    }

    /// How to verify a provider's key online.
    #[must_use]
    pub fn verify(&self, provider: &str) -> Option<&Verify> {
        lazily(&self.verify, self.sections.verify).iter().find(|entry| entry.provider == provider)
    }

    /// Names that people expect OpenClaw to read.
    #[must_use]
    pub fn misread_names(&self) -> &[Misread] {
        lazily(&self.misread_names, self.sections.misread_names).as_slice()
    }

    /// Names that mean something to OpenClaw, beyond provider credentials.
    #[must_use]
    pub fn known_env(&self) -> &KnownEnv {
        lazily(&self.known_env, self.sections.known_env)
    }

    /// Azure hosts and API versions.
    #[must_use]
    pub fn azure(&self) -> &Azure {
        lazily(&self.azure, self.sections.azure)
    }

    /// Providers of the guide layout.
    #[must_use]
    pub fn guide(&self) -> &[GuideProvider] {
        lazily(&self.guide, self.sections.guide).as_slice()
    }

    /// What gives a secret away in arbitrary text.
    #[must_use]
    pub fn redaction(&self) -> &Redaction {
        lazily(&self.redaction, self.sections.redaction)
    }
}

/// The provider part of a rotation name, and whether it holds one key or several.
fn rotation_stem(name: &str) -> Option<(&str, EnvKind)> {
    if let Some(rest) = name.strip_prefix("OPENCLAW_LIVE_") {
        let one = rest.strip_suffix("_KEY").map(|stem| (stem, EnvKind::Credential));
        return one.or_else(|| rest.strip_suffix("_KEYS").map(|stem| (stem, EnvKind::List)));
    }
    let (stem, rest) = name.split_once("_API_KEY")?;
    match rest {
        "S" => Some((stem, EnvKind::List)),
        rest if rest.len() > 1 && rest.starts_with('_') => Some((stem, EnvKind::Credential)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = include_str!(concat!(env!("OUT_DIR"), "/providers.json"));

    fn names<'a>(role: &EnvRole<'a>) -> Vec<&'a str> {
        role.providers.iter().map(|p| p.id).collect()
    }

    #[test]
    fn the_embedded_table_is_whole() {
        check_table(WHOLE).unwrap();
        assert_eq!(table().providers().len(), 100);
        assert!(table().patterns().count() >= 102);
    }

    #[test]
    fn the_lists_lead_to_the_same_providers_as_the_whole_table() {
        let lazy = Table::new(EMBEDDED);
        let ids = |providers: &[&Provider]| providers.iter().map(|provider| provider.id).collect::<Vec<_>>();
        for provider in table().providers() {
            for id in provider.aliases.iter().chain([&provider.id]) {
                assert_eq!(lazy.provider(id).unwrap().id, provider.id);
            }
        }
        for (name, kind) in table().env_names() {
            let mut readers: Vec<(EnvKind, &Provider)> = Vec::new();
            for provider in table().providers() {
                readers.extend(provider.slots().filter(|(slot, _)| *slot == name).map(|(_, kind)| (kind, provider)));
            }
            readers.sort_by_key(|(kind, _)| *kind);
            let role = lazy.env_role(name).unwrap();
            assert_eq!((role.name, role.kind), (name, kind));
            assert_eq!(ids(&role.providers), ids(&readers.iter().map(|(_, provider)| *provider).collect::<Vec<_>>()));
        }
        assert_eq!(lazy.providers_at("api.groq.com").map(|provider| provider.id).collect::<Vec<_>>(), ["groq"]);
    }

    #[test]
    fn a_broken_table_names_the_section() {
        let broken = WHOLE.replacen("\"category\":\"model\"", "\"category\":\"modl\"", 1).leak();
        let error = check_table(broken).unwrap_err();
        assert!(error.contains("section providers") && error.contains("modl"), "{error}");
        let broken = WHOLE.replacen("[0-9]{2,4}", "[0-9]{4,2}", 1).leak();
        assert!(check_table(broken).unwrap_err().contains("runs backwards"));
        assert!(check_table("{").is_err());
    }

    #[test]
    fn references_inside_the_table_resolve() {
        let table = table();
        let known = |name: &&str| {
            table.env_role(name).is_some()
                || table.known_env().contains(name)
                || !name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        };
        for provider in table.providers() {
            for id in &provider.accepts {
                assert!(*id == "*" || table.provider(id).is_some(), "{id}");
            }
            let slots: Vec<_> =
                provider.slots().map(|(name, _)| name).chain(provider.config_slots.values().copied()).collect();
            for format in provider.formats() {
                assert!(format.shape().is_some() && !format.kind.is_empty() && !format.length.is_empty());
                assert_eq!(format.usable, format.why.is_empty(), "{} {}", provider.id, format.kind);
                for slot in format.slots.iter().flatten() {
                    assert!(slots.contains(slot) || known(slot), "{} {slot}", provider.id);
                }
            }
            assert!(table.providers().iter().filter(|p| p.id == provider.id).count() == 1, "{}", provider.id);
        }
        for owner in table.owners() {
            assert!(owner.belongs_in.iter().all(known), "{}", owner.prefix);
            assert!(owner.providers.iter().all(|id| table.provider(id).is_some()), "{}", owner.prefix);
        }
        assert!(table.shared_pairs().iter().flatten().all(known));
        assert!(table.misread_names().iter().all(|m| m.reads.is_empty() || known(&m.reads)));
        assert!(table.guide().iter().all(|g| table.provider(g.provider).is_some()));
        assert!(lazily(&table.verify, table.sections.verify).iter().all(|v| table.provider(v.provider).is_some()));
    }

    #[test]
    fn providers_are_found_by_id_and_alias() {
        assert_eq!(table().provider("anthropic").unwrap().env, ["ANTHROPIC_OAUTH_TOKEN", "ANTHROPIC_API_KEY"]);
        assert_eq!(table().provider("dashscope").unwrap().id, "qwen");
        assert_eq!(table().provider("z.ai").unwrap().id, "zai");
        assert!(table().provider("").is_none());
    }

    #[test]
    fn variables_have_roles() {
        let role = |name: &str| table().env_role(name).unwrap();
        assert_eq!(role("OPENAI_API_KEY").kind, EnvKind::Credential);
        assert_eq!(names(&role("KIMI_API_KEY")), ["moonshot", "kimi"]);
        assert_eq!(role("ANTHROPIC_ADMIN_KEY").kind, EnvKind::Admin);
        assert_eq!(role("AZURE_OPENAI_ENDPOINT").kind, EnvKind::Url);
        assert_eq!(role("AWS_PROFILE").kind, EnvKind::Setting);
        assert_eq!(role("OPENCLAW_GATEWAY_TOKEN").kind, EnvKind::Chosen);
        assert_eq!(role("GOOGLE_CHAT_SERVICE_ACCOUNT_FILE").kind, EnvKind::Path);
        assert!(table().env_role("PATH").is_none() && table().env_role("botToken").is_none());
    }

    #[test]
    fn rotation_names_belong_to_their_base_name() {
        let role = |name: &str| table().env_role(name);
        let backup = role("OPENAI_API_KEY_BACKUP").unwrap();
        assert!(backup.rotation && backup.name == "OPENAI_API_KEY" && backup.kind == EnvKind::Credential);
        assert_eq!(role("OPENAI_API_KEYS").unwrap().kind, EnvKind::List);
        assert_eq!(role("OPENCLAW_LIVE_ANTHROPIC_KEYS").unwrap().kind, EnvKind::List);
        assert_eq!(role("OPENCLAW_LIVE_OPENAI_KEY").unwrap().name, "OPENAI_API_KEY");
        assert_eq!(role("GOOGLE_API_KEY_2").unwrap().name, "GEMINI_API_KEY");
        assert!(
            role("OPENAI_API_KEY_").is_none() && role("NOBODY_API_KEY_2").is_none() && role("BRAVE_API_KEYS").is_none()
        );
    }

    #[test]
    fn the_verifying_command_reads_the_variable_and_prints_only_the_status() {
        let anthropic = table().verify("anthropic").unwrap();
        let command = anthropic.command(None);
        assert!(command.contains("\"x-api-key: $ANTHROPIC_API_KEY\"") && command.contains("-o /dev/null"), "{command}");
        assert!(anthropic.command(Some("MY_KEY")).contains("$MY_KEY\""));
        assert!(!anthropic.command(Some("A$(rm)")).contains("rm"));
        assert!(table().verify("telegram").unwrap().command(None).contains("/bot${TELEGRAM_BOT_TOKEN}/getMe"));
        assert!(table().verify("vllm").is_none());
    }
}
