//! Whose endpoint a URL is. Facts are the table's; nothing is judged here.

use crate::credentials::{Category, Provider, azure, table};
use crate::project::Value;

/// Keys beside a credential that override its endpoint.
const OVERRIDES: &[&str] = &["baseUrl", "apiUrl", "apiBase", "endpoint"];

/// The provider behind a configured name: the table's by id, else the one whose endpoint is configured.
pub(super) fn provider(name: &str, settings: &Value) -> Option<&'static Provider> {
    let guide = || table().guide().iter().find(|entry| entry.id == name && entry.provider != name);
    let by_host = || override_of(settings).and_then(by_host);
    table().provider(name).or_else(|| table().provider(guide()?.provider)).or_else(by_host)
}

/// The provider whose default endpoint has the host of `url`; none when several share it.
fn by_host(url: &str) -> Option<&'static Provider> {
    let host = host(url)?;
    if azure::is_azure(url) {
        return table().provider("microsoft-foundry");
    }
    let models = |provider: &&Provider| provider.category == Category::Model && !provider.self_hosted;
    let mut owners = table().providers_at(host).filter(models);
    owners.next().filter(|_| owners.next().is_none())
}

fn endpoints(provider: &Provider) -> impl Iterator<Item = &'static str> {
    provider.base_url.into_iter().chain(provider.alt_base_urls.iter().copied())
}

/// The first override among the settings of a provider.
pub(super) fn override_of(settings: &Value) -> Option<&str> {
    OVERRIDES.iter().find_map(|key| settings.get(key)?.as_str()).filter(|url| !url.trim().is_empty())
}

/// Whether the settings send requests to another host than the vendor's.
pub(super) fn overridden(provider: Option<&Provider>, settings: &Value) -> bool {
    override_of(settings).is_some_and(|url| is_foreign(provider, url))
}

/// Whether a URL leads to another host than the vendor's. What cannot be read counts as such: nothing is known then.
pub(super) fn is_foreign(provider: Option<&Provider>, url: &str) -> bool {
    let (Some(provider), Some(host)) = (provider, host(url)) else { return true };
    let azure = || provider.id == "microsoft-foundry" && azure::is_azure(url);
    !azure() && !endpoints(provider).filter_map(self::host).any(|own| same_site(own, host))
}

/// The provider other than Azure whose endpoint this is.
pub(super) fn other_vendor(url: &str) -> Option<&'static str> {
    let host = host(url)?;
    let foreign = |provider: &&Provider| {
        provider.id != "microsoft-foundry" && !provider.self_hosted && provider.category == Category::Model
    };
    table().providers_at(host).find(foreign).map(|provider| provider.name)
}

/// The host of an absolute URL, without port and credentials. Case is kept; vendors' hosts are lower-case.
pub(super) fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.trim().split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    (!host.is_empty() && !host.contains('$')).then_some(host)
}

/// Scheme and authority: what stands before the path.
pub(super) fn origin(url: &str) -> &str {
    let url = url.trim();
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url.get(start..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(url.len(), |at| start + at);
    url.get(..end).unwrap_or(url)
}

/// Path and query of a URL.
pub(super) fn tail(url: &str) -> &str {
    let url = url.trim();
    url.get(origin(url).len()..).unwrap_or_default()
}

/// The same host, or another one of the same domain (`eu.api.openai.com`).
fn same_site(a: &str, b: &str) -> bool {
    let domain = |host: &str| host.rmatch_indices('.').nth(1).and_then(|(at, _)| host.get(at + 1..).map(str::to_owned));
    let name = |host: &str| !host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let (a, b) = (a.to_ascii_lowercase(), b.to_ascii_lowercase());
    a == b || (name(&a) && domain(&a).unwrap_or(a.clone()) == domain(&b).unwrap_or(b.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read() {
        assert_eq!(host("https://user:pw@api.openai.com:443/v1"), Some("api.openai.com"));
        assert_eq!(host("api.openai.com/v1"), None);
        assert_eq!(host("https://${HOST}/v1"), None);
        assert_eq!(origin("https://a.example/x?y"), "https://a.example");
        assert_eq!(tail("https://a.example/x?y"), "/x?y");
        assert_eq!(tail("https://a.example"), "");
    }

    #[test]
    fn the_vendors_own_hosts_are_not_foreign() {
        let openai = table().provider("openai");
        assert!(!is_foreign(openai, "https://eu.api.openai.com/v1"));
        assert!(is_foreign(openai, "https://openrouter.ai/api/v1"));
        assert!(is_foreign(openai, "http://127.0.0.1:4000"));
        assert!(is_foreign(openai, "https://${PROXY}/v1"));
        assert!(!is_foreign(table().provider("microsoft-foundry"), "https://contoso.openai.azure.com"));
        assert_eq!(by_host("https://api.groq.com/openai/v1").map(|provider| provider.id), Some("groq"));
    }
}
