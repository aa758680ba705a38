//! Tells from a name alone whether its value must stay secret.
//!
//! Names of config keys and variables enter, in any spelling; values never do. OpenClaw's own list of sensitive paths is
//! the base (`token` at the end; `password`, `secret`, `apiKey`, `encryptKey`, `privateKey`, `serviceAccount`
//! anywhere), with its exceptions for counts, files and the like.

use super::table::{EnvKind, table};

/// Last words that name something about a secret, not the secret.
const HARMLESS_END: [&str; 58] = [
    "file",
    "files",
    "path",
    "paths",
    "dir",
    "count",
    "counts",
    "limit",
    "limits",
    "max",
    "min",
    "budget",
    "env",
    "name",
    "names",
    "id",
    "ids",
    "url",
    "uri",
    "endpoint",
    "host",
    "type",
    "types",
    "mode",
    "ttl",
    "ms",
    "seconds",
    "minutes",
    "expiry",
    "expires",
    "expiration",
    "enabled",
    "disabled",
    "refresh",
    "threshold",
    "provider",
    "providers",
    "version",
    "length",
    "size",
    "usage",
    "policy",
    "prefix",
    "suffix",
    "header",
    "field",
    "format",
    "source",
    "store",
    "manager",
    "target",
    "targets",
    "reserve",
    "ratio",
    "window",
    "cost",
    "price",
    "rotation",
];
/// Words that are a secret wherever they stand.
const SECRET_ANYWHERE: [&str; 10] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "apikey",
    "privatekey",
    "encryptkey",
    "credential",
    "credentials",
    "cookie",
];
/// Pairs of words that are a secret wherever they stand.
const SECRET_PAIRS: [(&str, &str); 13] = [
    ("api", "key"),
    ("api", "keys"),
    ("private", "key"),
    ("encrypt", "key"),
    ("encryption", "key"),
    ("signing", "key"),
    ("secret", "key"),
    ("access", "key"),
    ("auth", "tag"),
    ("service", "account"),
    ("session", "token"),
    ("auth", "key"),
    ("master", "key"),
];
/// Last words that are a secret.
const SECRET_END: [&str; 8] = ["token", "pass", "pwd", "authorization", "bearer", "jwt", "nsec", "authkey"];
/// Words before `tokens` that make it a list of credentials; otherwise it counts what a model reads.
const TOKEN_LISTS: [&str; 6] = ["api", "auth", "access", "bot", "bearer", "refresh"];

/// Whether a key or variable of this name holds a secret.
#[must_use]
pub fn is_secret_key(name: &str) -> bool {
    if name.len() > 256 || !may_be_secret(name) {
        return false;
    }
    if let Some(role) = table().env_role(name) {
        return role.kind.is_secret() || (role.kind == EnvKind::Identifier && name == "AWS_ACCESS_KEY_ID");
    }
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let Some((last, before)) = words.split_last() else { return false };
    if *last == "tokens" {
        return before.last().is_some_and(|word| TOKEN_LISTS.contains(word));
    }
    // `x-api-key-header` is about the key; `authHeader` too.
    if HARMLESS_END.contains(last) || before.first().is_some_and(|first| matches!(*first, "max" | "min" | "num")) {
        return false;
    }
    let pair = |(a, b): (&&str, &&str)| SECRET_PAIRS.contains(&(*a, *b));
    let screaming_key = *last == "key" && !before.is_empty() && !name.contains(|c: char| c.is_ascii_lowercase());
    SECRET_END.contains(last)
        || words.iter().any(|word| SECRET_ANYWHERE.contains(word))
        || words.iter().zip(words.iter().skip(1)).any(pair)
        || (screaming_key
            && !before.iter().any(|word| matches!(*word, "public" | "sort" | "primary" | "cache" | "foreign")))
}

/// Whether [`is_secret_key`] can be true: most names have no such word in them, and are no variables.
#[must_use]
pub fn may_be_secret(name: &str) -> bool {
    let bytes = name.as_bytes();
    let is_variable = bytes.iter().any(u8::is_ascii_uppercase) && !bytes.iter().any(u8::is_ascii_lowercase);
    is_variable || mentions_secret(name) || !name.is_ascii()
}

/// Whether a name has the beginning of a word in it that every secret's name has, variables of the table aside.
pub(super) fn mentions_secret(name: &str) -> bool {
    name.as_bytes().windows(3).any(|window| {
        let [a, b, c] = window else { return false };
        matches!(
            &[a | 0x20, b | 0x20, c | 0x20],
            b"key" | b"tok" | b"sec" | b"pas" | b"pwd" | b"cre" | b"aut" | b"coo" | b"jwt" | b"bea" | b"acc"
        )
    })
}

/// `clientSecret`, `client_secret`, `client-secret`, `CLIENT_SECRET` and `APIKey` as lower-case words.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let chars: Vec<char> = name.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            words.push(String::new());
            continue;
        }
        let previous = at.checked_sub(1).and_then(|before| chars.get(before));
        let next = chars.get(at + 1);
        let hump = c.is_uppercase() && previous.is_some_and(|p| p.is_lowercase() || p.is_ascii_digit());
        let acronym_end =
            c.is_uppercase() && previous.is_some_and(|p| p.is_uppercase()) && next.is_some_and(|n| n.is_lowercase());
        if hump || acronym_end {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    // apiKey2 is an apiKey.
    words.iter_mut().for_each(|word| word.truncate(word.trim_end_matches(|c: char| c.is_ascii_digit()).len()));
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_answer_overlooks_no_word() {
        let pairs = SECRET_PAIRS.iter().flat_map(|(a, b)| [format!("{a}-{b}"), format!("{a}_{b}")]);
        let words = SECRET_ANYWHERE.iter().chain(&SECRET_END).chain(&["tokens"]).map(ToString::to_string);
        for word in words.chain(pairs) {
            assert!(mentions_secret(&word) && mentions_secret(&word.to_uppercase()), "{word}");
        }
        assert!(table().env_names().all(|(name, kind)| may_be_secret(name) || !kind.is_secret()));
    }

    #[test]
    fn names_of_secrets_in_every_spelling() {
        for name in [
            "token",
            "botToken",
            "bot_token",
            "bot-token",
            "BOT_TOKEN",
            "apiKey",
            "api_key",
            "api-key",
            "x-api-key",
            "API_KEY",
            "APIKey",
            "apikey",
            "apiKeys",
            "password",
            "dbPassword",
            "passwd",
            "secret",
            "clientSecret",
            "webhookSecret",
            "signingSecret",
            "appSecret",
            "authTag",
            "privateKey",
            "encryptKey",
            "serviceAccount",
            "accessToken",
            "refreshToken",
            "Authorization",
            "passphrase",
            "credentials",
            "OPENAI_API_KEY",
            "OPENAI_API_KEY_OLD",
            "MY_CUSTOM_KEY",
            "AZURE_SPEECH_KEY",
            "DB_PASS",
            "SOME_PWD",
            "apiKey2",
            "secretKey",
            "API_TOKENS",
            "AWS_ACCESS_KEY_ID",
            "cookie",
            "appPassword",
        ] {
            assert!(is_secret_key(name), "{name}");
        }
    }

    #[test]
    fn names_about_secrets_are_harmless() {
        for name in [
            "maxTokens",
            "max_tokens",
            "contextTokens",
            "tokens",
            "reserveTokensFloor",
            "tokenFile",
            "passwordFile",
            "tokenRefresh",
            "apiKeyEnv",
            "secretRef2Name",
            "secretProvider",
            "tokenLimit",
            "tokenCount",
            "key",
            "sessionKey",
            "sortKey",
            "publicKey",
            "PUBLIC_KEY",
            "AZURE_OPENAI_ENDPOINT",
            "AWS_PROFILE",
            "model",
            "authHeader",
            "tokenUrl",
            "secrets",
            "",
            "---",
            "keyPath",
            "tokensPerMinute",
            "passwordLength",
            "author",
            "compass",
            "MATRIX_USER_ID",
            "maxTokensField",
            "tokenBudget",
        ] {
            assert!(!is_secret_key(name), "{name}");
        }
    }
}
