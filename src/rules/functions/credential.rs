//! `credential`: what a value is in its slot.

use crate::credentials::{CleanReason, EnvKind, Judgement, PlaceholderReason, Provider, clean, detect, judge, table};
use crate::language::{Param, Phrase};
use crate::project::Layout;
use crate::rules::Violation;
use crate::rules::model::Call;

use super::held::{Held, held};
use super::{Function, Input, NO_OPTIONS};

/// Judges credentials. Outcomes: `placeholder`, `placeholder-chosen`, `unsupported-reference`, `sentinel`, `weak`, `short-secret`, `altered`,
/// `too-short`, `foreign`, `misplaced`, `foreign-nowhere`, `variation`, `unusable`, and for characters that do not belong
/// to the credential `line-break`, `invisible`, `smart-quote`, `control`, `non-latin1`, `bearer`, `name`, `quotes`; and `live` for what is one for certain. A rule
/// takes those that it has words for.
pub(super) const CREDENTIAL: Function = Function { name: "credential", options: NO_OPTIONS, run };

fn run(_: &Call, input: &Input<'_>) -> Vec<Violation> {
    held(input).iter().flat_map(violations).collect()
}

/// Whether a value is a credential for certain: it has the distinctive form of one that authenticates.
pub(super) fn is_live(held: &Held<'_>) -> bool {
    // Few texts have such a form, and that is found out sooner.
    detect(held.text).is_some_and(|found| found.secret && found.usable)
        && matches!(judge(held.slot, held.text), Judgement::Usable { .. })
}

fn violations(held: &Held<'_>) -> Vec<Violation> {
    let judgement = judge(held.slot, held.text);
    let filled = !matches!(
        judgement,
        Judgement::Empty | Judgement::Reference | Judgement::Marker | Judgement::Sentinel | Judgement::Placeholder(_)
    );
    let mut found: Vec<Violation> = verdict(held, judgement).into_iter().collect();
    if is_live(held) {
        found.push(violation(held, "live"));
    }
    if filled && !is_chosen(held) {
        found.extend(characters(held));
    }
    found
}

/// The words' facts that every outcome may use.
pub(super) fn violation(held: &Held<'_>, outcome: &str) -> Violation {
    let provider = held.provider();
    // A variable's own value cannot be a reference.
    let in_config = held.slot.env.is_none();
    let env = provider.filter(|_| in_config).and_then(|provider| usual_variable(provider, held.slot.key));
    let mut violation = Violation::new(outcome, held.place)
        .param("slot", held.shown.clone())
        .param("provider", held.owners())
        .param("env", env.unwrap_or_default())
        .param("verify", held.verify().unwrap_or_default());
    violation.path.clone_from(&held.path);
    match held.used {
        Some(used) => violation.related(used, "used"),
        None => violation,
    }
}

/// The variable that people would use for a slot: the slot's own, else the one that is named after the provider.
fn usual_variable(provider: &Provider, key: Option<&str>) -> Option<&'static str> {
    let is_variable = |name: &&str| !name.contains(|c: char| c.is_ascii_lowercase());
    let own = key.and_then(|key| provider.config_slots.get(key).copied()).filter(is_variable);
    let stem = provider.id.to_ascii_uppercase().replace('-', "_");
    let named = || provider.env.iter().copied().filter(|name| name.starts_with(&stem) && name.ends_with("_API_KEY"));
    own.or_else(|| named().min_by_key(|name| name.len())).or_else(|| provider.env.first().copied())
}

fn verdict(held: &Held<'_>, judgement: Judgement) -> Option<Violation> {
    let with_length = |violation: Violation, expected: Param| {
        violation.param("found", length(held.text).to_string()).param("expected", expected)
    };
    let found = match judgement {
        Judgement::Sentinel => violation(held, "sentinel"),
        Judgement::Placeholder(PlaceholderReason::KnownWeak) => violation(held, "weak"),
        Judgement::Placeholder(PlaceholderReason::UnsupportedReference) => violation(held, "unsupported-reference"),
        Judgement::Placeholder(PlaceholderReason::TooShort) => with_length(violation(held, "too-short"), "".into()),
        Judgement::Placeholder(_) if is_chosen(held) => violation(held, "placeholder-chosen"),
        Judgement::Placeholder(_) => violation(held, "placeholder"),
        Judgement::Unusable { kind, why } => {
            violation(held, "unusable").param("kind", Phrase::new(kind)).param("why", Phrase::new(why))
        }
        Judgement::Altered { kind, expected } => {
            with_length(violation(held, "altered"), Phrase::new(expected).into()).param("kind", kind_after(held, kind))
        }
        Judgement::Foreign { owner, kind, belongs_in } => foreign(held, owner, kind, &belongs_in),
        Judgement::Usable { .. } | Judgement::Unknown => {
            let least = short_gateway_secret(held)?;
            with_length(violation(held, "short-secret"), least.into())
        }
        Judgement::Empty | Judgement::Reference | Judgement::Marker => return None,
    };
    Some(found)
}

/// What a key is, behind the name of its provider, which need not be said twice.
fn kind_after(held: &Held<'_>, kind: &'static str) -> Phrase {
    let name = held.provider().map(|provider| provider.name).unwrap_or_default();
    Phrase::new(kind.strip_prefix(name).map_or(kind, str::trim_start))
}

fn foreign(held: &Held<'_>, owner: &str, kind: &'static str, belongs_in: &[&'static str]) -> Violation {
    let provider = held.provider();
    let mapped = provider.zip(held.slot.key).and_then(|(provider, key)| provider.config_slots.get(key).copied());
    let here = |name: &&str| held.slot.env == Some(*name) || mapped == Some(*name) || held.slot.key == Some(*name);
    let own = provider.is_some_and(|provider| provider.name == owner);
    let outcome = match (belongs_in, own) {
        ([], _) => "foreign-nowhere",
        (names, _) if names.iter().any(here) => "variation",
        (_, true) => "misplaced",
        (_, false) => "foreign",
    };
    // Of several variables for one kind of key, the usual one is enough.
    let usual = table()
        .providers()
        .iter()
        .find(|provider| provider.name == owner)
        .and_then(|provider| usual_variable(provider, None));
    let usual = usual.filter(|usual| belongs_in.contains(usual));
    let places: Vec<String> = match usual {
        Some(usual) => vec![place(held, usual)],
        None => belongs_in.iter().map(|name| place(held, name)).collect(),
    };
    violation(held, outcome)
        .param("owner", Phrase::new(owner.to_owned()))
        .param("kind", Phrase::new(kind))
        .param("belongs", Param::list(places, "` or `"))
}

/// Where a credential belongs, in the words of the file's layout.
fn place(held: &Held<'_>, variable: &str) -> String {
    let guide = || {
        let role = table().env_role(variable)?;
        let is_owner = |id: &str| role.providers.iter().any(|provider| provider.id == id);
        table()
            .guide()
            .iter()
            .find(|entry| is_owner(entry.provider))
            .map(|entry| format!("secrets.{}.apiKey", entry.id))
    };
    // Another key of the same object: `botToken` beside `appToken`.
    let beside = || {
        let slots = &held.slot.provider?.config_slots;
        let (key, _) = slots.iter().find(|(key, name)| **name == variable || **key == variable)?;
        Some(held.path.as_ref()?.parent()?.key(key).to_string())
    };
    let translated = if held.layout == Some(Layout::Guide) { guide() } else { beside() };
    translated.unwrap_or_else(|| variable.to_owned())
}

/// Characters of the credential itself, as the reader of a message would count them.
fn length(text: &str) -> usize {
    clean(text).value.chars().count()
}

fn is_chosen(held: &Held<'_>) -> bool {
    let role = held.slot.env.and_then(|name| table().env_role(name)).map(|role| role.kind);
    let by_key = || {
        let (provider, key) = held.slot.provider.zip(held.slot.key)?;
        let name = provider.config_slots.get(key).copied().unwrap_or(key);
        provider.roles.get(name).copied()
    };
    role.or_else(by_key) == Some(EnvKind::Chosen)
}

/// The least length when a secret of this machine's own gateway is shorter.
fn short_gateway_secret(held: &Held<'_>) -> Option<usize> {
    let gateway = held.provider().is_some_and(|provider| provider.id == "openclaw-gateway");
    let own = held.path.as_ref().is_none_or(|path| path.to_string().starts_with("gateway.auth."));
    let least = table().weak_gateway().min_length;
    (gateway && own && held.text.trim().chars().count() < least).then_some(least)
}

/// Outcomes for what surrounds or interrupts a credential, the worst first.
const CHARACTERS: &[(CleanReason, &str)] = &[
    (CleanReason::BearerPrefix, "bearer"),
    (CleanReason::NamePrefix, "name"),
    (CleanReason::Quotes, "quotes"),
    (CleanReason::NonLatin1, "non-latin1"),
    (CleanReason::SmartQuote, "smart-quote"),
    (CleanReason::LineBreak, "line-break"),
    (CleanReason::Control, "control"),
    (CleanReason::Invisible, "invisible"),
];

fn characters(held: &Held<'_>) -> Option<Violation> {
    let removed = clean(held.text).removed;
    let worst = CHARACTERS.iter().find(|(reason, _)| removed.iter().any(|piece| piece.reason == *reason))?;
    Some(violation(held, worst.1))
}
