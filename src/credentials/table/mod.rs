//! The provider table: `rules/providers.json5` as typed data.
//!
//! Facts enter at build time; nothing from a linted file does. `build.rs` embeds each section of the table as compact
//! JSON, which is parsed when it is first asked for, with every string borrowed from the binary.

mod azure;
mod environment;
mod provider;
mod sections;
mod values;
mod verify;

use std::sync::OnceLock;

use sections::{EMBEDDED, Sections, Whole, lazily, read};

use super::packed::{self, HOSTS, IDS, TEXTS, VARIABLES};
use super::shape::Shape;

pub use azure::{Azure, AzureCloud, AzureHost, AzureService};
pub use environment::{EnvKind, EnvRole, KnownEnv, Misread};
pub use provider::{Category, Confidence, GuideProvider, KeyFormat, Lookalike, Owner, Provider};
pub use values::{Markers, Placeholders, Redaction, WeakGateway};
pub use verify::Verify;

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
