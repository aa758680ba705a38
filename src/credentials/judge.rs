//! Judges one value in one slot, and names the owner of a key that stands alone.
//!
//! A slot and a value enter; a verdict leaves that never carries the value. The order of the questions is fixed:
//! reference or marker, leftovers of redaction, placeholder, own format, another owner's format, own prefix with a
//! damaged rest. False alarms are worse than misses: where the vendor's formats are unknown, only another owner's firm
//! format speaks, and where the user runs the server, none does.

use std::fmt;

use super::clean::clean;
use super::placeholder::{self, PlaceholderReason, Strictness};
use super::shape::Shape;
use super::table::{Category, Confidence, EnvKind, EnvRole, KeyFormat, Lookalike, Owner, Provider, Table, table};

/// Where a value stands.
#[derive(Clone, Copy, Default)]
pub struct Slot<'a> {
    /// The provider whose slot it is. Without one, `env` decides.
    pub provider: Option<&'a Provider>,
    /// The variable (`SLACK_BOT_TOKEN`), when the value stands in one.
    pub env: Option<&'a str>,
    /// The config key (`botToken`), when the value stands under one.
    pub key: Option<&'a str>,
    /// The endpoint is overridden to a host that is not the vendor's: any key may be right there.
    pub foreign_endpoint: bool,
}

impl fmt::Debug for Slot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot")
            .field("provider", &self.provider.map(|provider| provider.id))
            .field("env", &self.env)
            .field("key", &self.key)
            .field("foreign_endpoint", &self.foreign_endpoint)
            .finish()
    }
}

/// What a value is in its slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// Nothing but white space.
    Empty,
    /// `$NAME` as the whole value, or `${NAME}` anywhere in it.
    Reference,
    /// A word that OpenClaw itself puts in place of a key.
    Marker,
    /// What redaction leaves behind; OpenClaw refuses it.
    Sentinel,
    /// Not filled in.
    Placeholder(PlaceholderReason),
    /// A format of this slot.
    Usable {
        /// What it is.
        kind: &'static str,
    },
    /// The provider's own, but of a kind that cannot be used here.
    Unusable {
        /// What it is.
        kind: &'static str,
        /// Why it cannot be used.
        why: &'static str,
    },
    /// Another slot's or another owner's.
    Foreign {
        /// Whose it is.
        owner: &'static str,
        /// What it is.
        kind: &'static str,
        /// Variables or config keys it belongs in; empty: none of OpenClaw's.
        belongs_in: Vec<&'static str>,
    },
    /// The provider's own prefix with a rest of the wrong length or alphabet.
    Altered {
        /// What it starts like.
        kind: &'static str,
        /// The expected length.
        expected: &'static str,
    },
    /// Nothing is known about it.
    Unknown,
}

/// A key that was recognised by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detected {
    /// Whose it is.
    pub owner: &'static str,
    /// The provider's id, when the table knows one.
    pub provider: Option<&'static str>,
    /// What it is.
    pub kind: &'static str,
    /// Whether it authenticates requests.
    pub usable: bool,
    /// Whether it must stay secret; an application id need not.
    pub secret: bool,
    /// Variables or config keys it belongs in; empty: none of OpenClaw's.
    pub belongs_in: Vec<&'static str>,
}

/// Keys behind a prefix are at least this long when only the prefix is known.
const MIN_FOREIGN: usize = 20;
/// Characters after an owner's prefix.
const MIN_OWNER_BODY: usize = 8;

/// Judges a value in its slot.
#[must_use]
pub fn judge(slot: Slot<'_>, value: &str) -> Judgement {
    let context = Context::new(slot);
    if context.kind == EnvKind::List {
        return judge_list(&context, value);
    }
    context.judge(value)
}

/// The first bad member speaks for the list.
fn judge_list(context: &Context<'_>, value: &str) -> Judgement {
    let items = value.split([',', ';', ' ']).filter(|item| !item.trim().is_empty());
    let mut verdicts = items.map(|item| context.judge(item));
    let Some(first) = verdicts.next() else { return Judgement::Empty };
    let good =
        |verdict: &Judgement| matches!(verdict, Judgement::Usable { .. } | Judgement::Unknown | Judgement::Marker);
    if good(&first) { verdicts.find(|verdict| !good(verdict)).unwrap_or(first) } else { first }
}

/// The key's owner, from the whole value alone; shapes that several owners share have none.
#[must_use]
pub fn detect(text: &str) -> Option<Detected> {
    let value = text.trim();
    if !could_be_key(value) {
        return None;
    }
    let formats = table().providers().iter().flat_map(|p| p.formats().iter().map(move |format| (p, format)));
    let mut formats = formats.filter(|(p, format)| format.distinctive && !p.self_hosted_only(format));
    let long = value.len() >= MIN_FOREIGN;
    let found = formats.find(|(_, format)| (format.is_firm() || long) && format.matches(value));
    let by_format = found.map(|(provider, format)| Detected {
        owner: provider.name,
        provider: Some(provider.id),
        kind: format.kind,
        usable: format.usable,
        secret: is_secret(provider, format),
        belongs_in: belongs_in(provider, format),
    });
    let by_owner = || {
        owner_of(value).map(|owner| Detected {
            owner: owner.owner,
            provider: owner.providers.first().copied(),
            kind: owner.kind,
            usable: !owner.belongs_in.is_empty(),
            secret: !owner.kind.contains("public") && !owner.kind.ends_with(" id"),
            belongs_in: owner.belongs_in.clone(),
        })
    };
    by_format.or_else(by_owner).filter(|_| placeholder::find(value, Strictness::Issued, true).is_none())
}

/// A cheap gate: every string of a config may be asked about, and hardly any is a key.
fn could_be_key(value: &str) -> bool {
    let bytes = value.as_bytes();
    let [first, second, ..] = *bytes else { return false };
    let at = |index: usize| bytes.get(index).copied();
    // Telegram; Discord; Z.ai and Ollama; Teams; Azure; Twilio.
    bytes.len() >= 12
        && (super::redact::may_start(first, second)
            || (first.is_ascii_digit() && bytes.iter().take(17).any(|byte| *byte == b':'))
            || (matches!(first, b'M' | b'N' | b'O') && bytes.iter().skip(21).take(11).any(|byte| *byte == b'.'))
            || at(32) == Some(b'.')
            || (at(4) == Some(b'Q') && at(5) == Some(b'~'))
            || matches!(bytes.len(), 34 | 84))
}

impl Provider {
    /// A user-run server's own format says nothing elsewhere.
    fn self_hosted_only(&self, format: &KeyFormat) -> bool {
        self.self_hosted && !format.is_firm()
    }
}

fn belongs_in(provider: &Provider, format: &KeyFormat) -> Vec<&'static str> {
    let credentials = || provider.slots().filter(|(_, kind)| matches!(kind, EnvKind::Credential | EnvKind::Chosen));
    match &format.slots {
        Some(slots) => slots.clone(),
        None => credentials().map(|(name, _)| name).filter(|name| provider.env.contains(name)).collect(),
    }
}

fn is_secret(provider: &Provider, format: &KeyFormat) -> bool {
    let kind_of = |name: &str| provider.slots().find(|(slot, _)| *slot == name).map(|(_, kind)| kind);
    let mut kinds = format.slots.iter().flatten().filter_map(|name| kind_of(name));
    let first = kinds.next();
    first.is_none_or(|kind| kind.is_secret() || kinds.any(EnvKind::is_secret))
}

fn owner_of(value: &str) -> Option<&'static Owner> {
    // `sk-ant-[a-z]+` is a pattern for keys, not a key.
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.+/=~%: ".contains(&byte);
    let body =
        |rest: &str| rest.len() >= MIN_OWNER_BODY && (value.starts_with("-----BEGIN ") || rest.bytes().all(token));
    let matching = |owner: &&Owner| {
        value.strip_prefix(owner.prefix).is_some_and(body)
            && owner.pattern.is_none_or(|pattern| Shape::parse(pattern).is_ok_and(|shape| shape.matches(value)))
    };
    table().owners().iter().filter(matching).max_by_key(|owner| owner.prefix.len())
}

/// A slot with everything the table says about it.
struct Context<'a> {
    table: &'static Table,
    /// The variable or config slot in the table's spelling.
    name: Option<&'a str>,
    /// As it stands in the file.
    written: Option<&'a str>,
    kind: EnvKind,
    /// Providers whose formats are at home here.
    own: Vec<&'a Provider>,
    foreign_endpoint: bool,
}

impl<'a> Context<'a> {
    fn new(slot: Slot<'a>) -> Context<'a> {
        let table = table();
        let role = slot.env.and_then(|name| table.env_role(name));
        let mapped = slot.provider.zip(slot.key).and_then(|(provider, key)| provider.config_slots.get(key).copied());
        let name = role.as_ref().map(|role| role.name).or(mapped).or(slot.env);
        let mut own: Vec<&Provider> = slot.provider.into_iter().collect();
        own.extend(role.iter().flat_map(|role: &EnvRole<'_>| role.providers.iter().copied()));
        own.dedup_by_key(|provider| provider.id);
        let of_slot = || own.iter().flat_map(|provider| provider.slots()).find(|(slot, _)| Some(*slot) == name);
        let kind = role.as_ref().map(|role| role.kind).or_else(|| of_slot().map(|(_, kind)| kind));
        Context {
            table,
            name,
            written: slot.env,
            kind: kind.unwrap_or(EnvKind::Credential),
            own,
            foreign_endpoint: slot.foreign_endpoint,
        }
    }

    fn judge(&self, raw: &str) -> Judgement {
        let value = raw.trim();
        if value.is_empty() {
            return Judgement::Empty;
        }
        if is_reference(value) {
            return Judgement::Reference;
        }
        if self.written == Some(value) {
            return Judgement::Placeholder(PlaceholderReason::SelfName);
        }
        if self.is_marker(value) {
            return Judgement::Marker;
        }
        if self.table.sentinels().contains(&value) {
            return Judgement::Sentinel;
        }
        let cleaned = clean(value).value;
        if let Some(reason) = self.placeholder(value, &cleaned) {
            return Judgement::Placeholder(reason);
        }
        if self.is_lenient() || matches!(self.kind, EnvKind::Url | EnvKind::Path | EnvKind::Setting) {
            return Judgement::Unknown;
        }
        self.key(&cleaned)
    }

    fn is_lenient(&self) -> bool {
        self.foreign_endpoint || (!self.own.is_empty() && self.own.iter().all(|provider| provider.self_hosted))
    }

    fn is_marker(&self, value: &str) -> bool {
        let markers = self.table.markers();
        let of_provider =
            || value.strip_prefix(markers.provider_prefix).is_some_and(|id| self.table.provider(id).is_some());
        let of_variable = || self.table.env_role(value).is_some_and(|role| role.kind.is_secret() && !role.rotation);
        markers.exact.contains(&value)
            || markers.prefix.iter().any(|prefix| value.starts_with(prefix))
            || of_provider()
            || of_variable()
    }

    fn placeholder(&self, raw: &str, cleaned: &str) -> Option<PlaceholderReason> {
        let gateway = self.own.iter().any(|provider| provider.category == Category::Gateway);
        if gateway && self.table.weak_gateway().values.contains(&raw) {
            return Some(PlaceholderReason::KnownWeak);
        }
        let strictness = match self.kind {
            _ if self.is_lenient() => Strictness::Lenient,
            EnvKind::Chosen => Strictness::Chosen,
            EnvKind::Credential | EnvKind::List | EnvKind::Admin => Strictness::Issued,
            _ => Strictness::Lenient,
        };
        let matched = self.own_formats().any(|(_, format)| format.is_firm() && format.matches(cleaned));
        let found = placeholder::find(raw, strictness, matched);
        let found =
            found.or_else(|| (cleaned != raw).then(|| placeholder::find(cleaned, strictness, matched)).flatten());
        let issued = strictness == Strictness::Issued && !matched && !self.own.is_empty();
        found.or_else(|| (issued && placeholder::is_too_short(cleaned)).then_some(PlaceholderReason::TooShort))
    }

    fn own_formats(&self) -> impl Iterator<Item = (&'a Provider, &'a KeyFormat)> {
        self.own.iter().flat_map(|provider| provider.formats().iter().map(|format| (*provider, format)))
    }

    /// Whether a format of an own provider belongs in this very slot.
    fn fits(&self, provider: &Provider, format: &KeyFormat) -> bool {
        let Some(name) = self.name else { return true };
        match &format.slots {
            Some(slots) => slots.contains(&name),
            None => !provider.usage_env.contains(&name) && self.kind != EnvKind::Admin,
        }
    }

    fn key(&self, value: &str) -> Judgement {
        if value.is_empty() {
            return Judgement::Unknown;
        }
        self.damaged(value)
            .or_else(|| self.own_key(value, true))
            .or_else(|| self.foreign(value))
            .or_else(|| self.lookalike(value))
            .or_else(|| self.own_key(value, false))
            .or_else(|| self.altered(value))
            .unwrap_or(Judgement::Unknown)
    }

    /// An own format: one of this slot first, then the provider's other ones, which say where they belong.
    fn own_key(&self, value: &str, firm: bool) -> Option<Judgement> {
        let matching = || self.own_formats().filter(|(_, format)| format.matches(value));
        let good = |(provider, format): &(&Provider, &KeyFormat)| {
            self.fits(provider, format) && (format.usable || self.name.is_some())
        };
        if let Some((_, format)) = matching().find(good) {
            return (format.is_firm() == firm || !format.usable).then_some(Judgement::Usable { kind: format.kind });
        }
        // Without the name of the slot a usable format of the provider is all that can be asked for.
        let (provider, format) = matching().find(|(_, format)| format.distinctive || !format.usable)?;
        if !format.usable {
            return Some(Judgement::Unusable { kind: format.kind, why: format.why });
        }
        Some(Judgement::Foreign { owner: provider.name, kind: format.kind, belongs_in: belongs_in(provider, format) })
    }

    fn lookalike(&self, value: &str) -> Option<Judgement> {
        let here = |l: &&Lookalike| l.slots.is_empty() || self.name.is_none_or(|name| l.slots.contains(&name));
        let all = self.own.iter().flat_map(|provider| provider.lookalikes().iter());
        let chosen = self.kind == EnvKind::Chosen;
        let found = all
            .filter(|_| !chosen)
            .filter(here)
            .find(|l| Shape::parse(l.pattern).is_ok_and(|shape| shape.matches(value)))?;
        Some(Judgement::Foreign { owner: found.owner, kind: found.kind, belongs_in: found.belongs_in.clone() })
    }

    fn foreign(&self, value: &str) -> Option<Judgement> {
        if self.own.is_empty() || self.accepts("*") {
            return None;
        }
        // A vendor without known formats may issue anything; only a telling, firm format of another owner counts.
        let sourced = self.own.iter().any(|provider| provider.has_formats());
        let telling = |f: &KeyFormat| {
            f.prefix.is_empty() || f.prefix.len() >= 4 || !f.prefix.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        let strangers = self
            .table
            .providers()
            .iter()
            .filter(|p| !self.is_own(p) && !self.accepts(p.id) && p.category != Category::Gateway);
        let formats = strangers.flat_map(|p| p.formats().iter().map(move |format| (p, format)));
        let certain = |(p, f): &(&Provider, &KeyFormat)| {
            f.distinctive
                && !p.self_hosted_only(f)
                && if sourced { f.is_firm() || value.len() >= MIN_FOREIGN } else { f.is_firm() && telling(f) }
        };
        let own_prefix =
            self.own_formats().any(|(_, f)| f.own_prefix().is_some_and(|prefix| value.starts_with(prefix)));
        if own_prefix {
            return None;
        }
        let by_format = formats.filter(certain).find(|(_, format)| format.matches(value));
        if let Some((provider, format)) = by_format {
            return Some(Judgement::Foreign {
                owner: provider.name,
                kind: format.kind,
                belongs_in: belongs_in(provider, format),
            });
        }
        let owner = owner_of(value)?;
        let at_home =
            owner.providers.iter().any(|id| self.accepts(id) || self.own.iter().any(|provider| provider.id == *id));
        // A token of unknown origin proves nothing where the vendor's formats are unknown.
        let vague = owner.prefix == "eyJ" && !sourced;
        (!at_home && !vague).then(|| Judgement::Foreign {
            owner: owner.owner,
            kind: owner.kind,
            belongs_in: owner.belongs_in.clone(),
        })
    }

    fn is_own(&self, provider: &Provider) -> bool {
        self.own.iter().any(|own| own.id == provider.id)
    }

    fn accepts(&self, id: &str) -> bool {
        self.own.iter().any(|provider| provider.accepts.contains(&id))
    }

    /// A piece of the format that is unmistakable stands in it, and the rest does not fit.
    fn damaged(&self, value: &str) -> Option<Judgement> {
        let fitting = || self.own_formats().filter(|(provider, format)| self.fits(provider, format));
        if fitting().any(|(_, format)| format.confidence == Confidence::Exact && format.matches(value)) {
            return None;
        }
        let (_, format) = fitting().find(|(_, format)| format.is_damaged(value))?;
        Some(Judgement::Altered { kind: format.kind, expected: format.length })
    }

    fn altered(&self, value: &str) -> Option<Judgement> {
        // Editors and telephones like to capitalise.
        let begins = |prefix: &str| value.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        let starts = |(_, f): &(&Provider, &KeyFormat)| {
            f.is_firm() && f.own_prefix().is_some_and(begins) && !f.exclude.iter().any(|x| value.starts_with(x))
        };
        let fitting = self.own_formats().filter(|(provider, format)| self.fits(provider, format));
        let (_, format) =
            fitting.filter(starts).reduce(|a, b| if b.1.prefix.len() > a.1.prefix.len() { b } else { a })?;
        Some(Judgement::Altered { kind: format.kind, expected: format.length })
    }
}

/// `$NAME` as the whole value, or `${NAME}` anywhere in it: only a run knows what becomes of that. Names are
/// `[A-Z][A-Z0-9_]{0,127}` and `[A-Z_][A-Z0-9_]*`; `$${NAME}` is an escape.
fn is_reference(value: &str) -> bool {
    let rest_of_name = |text: &str| text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    let starts =
        |text: &str, under: bool| text.bytes().next().is_some_and(|b| b.is_ascii_uppercase() || (under && b == b'_'));
    let bare = |name: &str| name.len() <= 128 && starts(name, false) && rest_of_name(name);
    if value.strip_prefix('$').is_some_and(bare) {
        return true;
    }
    value.match_indices("${").any(|(at, open)| {
        let escaped = at > 0 && value.as_bytes().get(at - 1) == Some(&b'$');
        let name = value.get(at + open.len()..).and_then(|rest| rest.split_once('}')).map(|(name, _)| name);
        !escaped && name.is_some_and(|name| starts(name, true) && rest_of_name(name))
    })
}

/// References to variables with nothing secret around them (`Bearer ${TOKEN}`), or a word of OpenClaw's own.
pub(crate) fn is_plain_reference(value: &str) -> bool {
    let value = value.trim();
    let rest =
        ["Bearer ", "bearer ", "Basic ", "Bot "].iter().find_map(|scheme| value.strip_prefix(scheme)).unwrap_or(value);
    let markers = table().markers();
    let whole = || rest.starts_with('$') && (!rest.starts_with("${") || rest.find('}') == Some(rest.len() - 1));
    (is_reference(rest) && whole())
        || markers.exact.contains(&rest)
        || markers.prefix.iter().any(|prefix| rest.starts_with(prefix))
        || table().sentinels().contains(&rest)
        || table().env_role(rest).is_some_and(|role| !role.rotation)
}
