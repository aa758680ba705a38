//! "Did you mean": variables that OpenClaw does not read but nearly would.
//!
//! Names enter, never values. A wrong guess costs more than none: short names, ties and names that OpenClaw reads are
//! left alone.

use super::table::{EnvKind, Table};

/// A better name for a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suggestion {
    /// What OpenClaw reads; `None` when nothing stands for it.
    pub name: Option<&'static str>,
    /// Why it was meant.
    pub reason: SuggestionReason,
    /// The provider id without which the name is another tool's business.
    pub only_for: Option<&'static str>,
}

/// Why a name was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuggestionReason {
    /// Another tool or an older text uses this name.
    Misread,
    /// A prefix of the product's earlier names.
    LegacyPrefix,
    /// The same letters in another case.
    Case,
    /// One or two letters away.
    Typo,
}

/// Shorter names resemble too many others.
const MIN_LENGTH: usize = 9;
/// So do names with a shorter distinguishing part.
const MIN_STEM: usize = 5;
const MAX_DISTANCE: usize = 2;
/// No variable name is longer; bounds the distance computation.
const MAX_LENGTH: usize = 80;
/// What many names end in; only what stands before tells them apart.
const COMMON_ENDS: [&str; 8] =
    ["_API_KEY", "_BOT_TOKEN", "_API_TOKEN", "_TOKEN", "_API_SECRET", "_SECRET", "_KEY", "_PASSWORD"];

impl Table {
    /// A name that OpenClaw reads, for one that it does not.
    #[must_use]
    pub fn suggest_env(&self, name: &str) -> Option<Suggestion> {
        let suggestion = |name, reason| Suggestion { name: Some(name), reason, only_for: None };
        if let Some(entry) = self.misread_names().iter().find(|entry| entry.name == name) {
            let reads = Some(entry.reads).filter(|reads| !reads.is_empty());
            return Some(Suggestion { name: reads, reason: SuggestionReason::Misread, only_for: entry.only_for });
        }
        if name.len() > MAX_LENGTH || self.env_role(name).is_some() || self.known_env().contains(name) {
            return None;
        }
        if let Some(rest) = self.known_env().legacy_prefixes.iter().find_map(|prefix| name.strip_prefix(prefix)) {
            let renamed = format!("OPENCLAW_{rest}");
            let known = self.known_env().openclaw().find(|known| *known == renamed);
            return Some(Suggestion { name: known, reason: SuggestionReason::LegacyPrefix, only_for: None });
        }
        if let Some(known) = self.candidates().find(|known| known.eq_ignore_ascii_case(name)) {
            return Some(suggestion(known, SuggestionReason::Case));
        }
        self.nearest(&name.to_ascii_uppercase()).map(|known| suggestion(known, SuggestionReason::Typo))
    }

    /// Credentials, their settings, and the `OPENCLAW_` names.
    fn candidates(&self) -> impl Iterator<Item = &'static str> {
        let credentials = self.env_names().filter(|(_, kind)| *kind != EnvKind::Identifier).map(|(name, _)| name);
        credentials.chain(self.known_env().openclaw())
    }

    /// The only nearest name, when it is near enough.
    fn nearest(&self, name: &str) -> Option<&'static str> {
        if name.len() < MIN_LENGTH || !name.contains('_') {
            return None;
        }
        let near = |known: &&'static str| known.len().abs_diff(name.len()) <= MAX_DISTANCE && known.len() >= MIN_LENGTH;
        let letters = histogram(name);
        let alike = |known: &&'static str| difference(&letters, &histogram(known)) <= 2 * MAX_DISTANCE;
        let scored = self.candidates().filter(near).filter(alike).filter_map(|known| {
            let distance = strsim::damerau_levenshtein(known, name);
            (distance <= allowed(known, name)).then_some((distance, known))
        });
        let mut scored: Vec<_> = scored.collect();
        scored.sort_unstable();
        scored.dedup();
        match scored.as_slice() {
            [(_, only)] => Some(only),
            [(best, only), (second, _), ..] if best < second => Some(only),
            _ => None,
        }
    }
}

/// How often each character occurs: a bound on the distance that costs far less than the distance.
fn histogram(name: &str) -> [u8; 64] {
    let mut counts = [0u8; 64];
    for byte in name.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte & 63)) {
            *count = count.saturating_add(1);
        }
    }
    counts
}

/// An edit changes two counts by one at most.
fn difference(a: &[u8; 64], b: &[u8; 64]) -> usize {
    a.iter().zip(b).map(|(a, b)| usize::from(a.abs_diff(*b))).sum()
}

/// Two edits for long names, one for short ones; none where the telling part itself is short.
fn allowed(known: &str, name: &str) -> usize {
    let stem = COMMON_ENDS.iter().find_map(|end| known.strip_suffix(end)).unwrap_or(known);
    let stem = stem.strip_prefix("OPENCLAW_").unwrap_or(stem);
    // Typos behind the telling part are certain whatever its length.
    if name.starts_with(stem) && stem.len() >= 3 && name.as_bytes().get(stem.len()).is_none_or(|byte| *byte == b'_') {
        return MAX_DISTANCE;
    }
    match stem.len() {
        0..MIN_STEM => 0,
        MIN_STEM..8 => 1,
        _ => MAX_DISTANCE,
    }
}

#[cfg(test)]
mod tests {
    use crate::credentials::{SuggestionReason, table};

    fn suggest(name: &str) -> Option<(&'static str, SuggestionReason)> {
        table().suggest_env(name).map(|s| (s.name.unwrap_or("-"), s.reason))
    }

    #[test]
    fn names_of_other_tools() {
        use SuggestionReason::Misread;
        for (name, reads) in [
            ("AZURE_OPENAI_KEY", "AZURE_OPENAI_API_KEY"),
            ("VOLCENGINE_API_KEY", "VOLCANO_ENGINE_API_KEY"),
            ("ARK_API_KEY", "VOLCANO_ENGINE_API_KEY"),
            ("BAIDU_API_KEY", "QIANFAN_API_KEY"),
            ("OPEN_ROUTER_API_KEY", "OPENROUTER_API_KEY"),
            ("REPLICATE_API_TOKEN", "-"),
        ] {
            assert_eq!(suggest(name), Some((reads, Misread)), "{name}");
        }
        assert_eq!(table().suggest_env("GITHUB_TOKEN").unwrap().only_for, Some("github-copilot"));
    }

    #[test]
    fn typing_errors() {
        use SuggestionReason::{Case, LegacyPrefix, Typo};
        for (name, reads) in [
            ("ANTROPIC_API_KEY", "ANTHROPIC_API_KEY"),
            ("ANTHROPIC_APIKEY", "ANTHROPIC_API_KEY"),
            ("OPENAI_APIKEY", "OPENAI_API_KEY"),
            ("OPENAI_API_KYE", "OPENAI_API_KEY"),
            ("OPENIA_API_KEY", "OPENAI_API_KEY"),
            ("OPENAI_API_KEY2", "OPENAI_API_KEY"),
            ("OPENCLAW_GATEWAY_TOKN", "OPENCLAW_GATEWAY_TOKEN"),
            ("OPENCLAW_CONFG_PATH", "OPENCLAW_CONFIG_PATH"),
            ("TELEGRAM_BOT_TOKE", "TELEGRAM_BOT_TOKEN"),
            ("DEEPSEEK_API_KEYY", "DEEPSEEK_API_KEY"),
            ("AZURE_OPENAI_ENDPONT", "AZURE_OPENAI_ENDPOINT"),
        ] {
            assert_eq!(suggest(name), Some((reads, Typo)), "{name}");
        }
        assert_eq!(suggest("openai_api_key"), Some(("OPENAI_API_KEY", Case)));
        assert_eq!(suggest("CLAWDBOT_STATE_DIR"), Some(("OPENCLAW_STATE_DIR", LegacyPrefix)));
    }

    #[test]
    fn known_short_and_unrelated_names_are_left_alone() {
        for name in [
            "OPENAI_API_KEY",
            "XAI_API_KEY",
            "EXA_API_KEY",
            "FAL_KEY",
            "OPENAI_API_KEY_2",
            "OPENAI_API_KEYS",
            "PATH",
            "HOME",
            "HTTP_PROXY",
            "http_proxy",
            "NODE_ENV",
            "AI_API_KEY",
            "MAX_API_KEY",
            "BAR_API_KEY",
            "FOO_KEY",
            "DATABASE_URL",
            "STRIPE_API_KEY",
            "SENTRY_DSN",
            "OPENCLAW_GATEWAY_BIND",
            "OPENCLAW_CONFIG_DIR",
            "ACME_TOKEN",
            "",
            "POSTGRES_PASSWORD",
            "REDIS_URL",
            "NOTION_API_KEY",
            "LINEAR_API_KEY",
            "GITLAB_TOKEN",
            "OPENWEATHER_API_KEY",
            "SERPAPI_API_KEY",
            "JINA_API_KEY",
            "PINECONE_API_KEY",
            "OPENCLAW_THEME",
        ] {
            assert_eq!(suggest(name), None, "{name}");
        }
    }

    #[test]
    fn no_known_name_is_corrected() {
        for (name, _) in table().env_names().filter(|(name, _)| !name.starts_with("CODEX")) {
            assert_eq!(suggest(name), None, "{name}");
        }
        for name in table().known_env().openclaw() {
            assert_eq!(suggest(name), None, "{name}");
        }
    }
}
