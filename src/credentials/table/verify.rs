//! Requests that tell whether a key is good.

use serde::Deserialize;

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
