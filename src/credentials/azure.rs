//! Azure OpenAI and Microsoft Foundry: endpoints, API versions, resource and deployment names.
//!
//! Strings from a config enter; classifications leave. Hosts, versions and template names are data in the table.

use super::table::{AzureCloud, AzureHost, AzureService, table};

/// What an endpoint URL says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The host in lower case, without port; empty when the text is not a URL.
    pub host: String,
    /// The Azure service, when the host is Azure's.
    pub service: Option<AzureService>,
    /// The cloud, when the host is Azure's.
    pub cloud: Option<AzureCloud>,
    /// The resource (or region) in front of the host suffix.
    pub resource: Option<String>,
    /// What is wrong with it, in the order of weight.
    pub problems: Vec<EndpointProblem>,
}

impl Endpoint {
    /// Whether the host is one of Azure's.
    #[must_use]
    pub fn is_azure(&self) -> bool {
        self.service.is_some()
    }
}

/// What is wrong with an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndpointProblem {
    /// Not an absolute `http` or `https` URL.
    NotUrl,
    /// The resource name was never filled in.
    PlaceholderResource,
    /// `http` instead of `https`.
    PlainHttp,
    /// Not a host of Azure.
    NotAzure,
    /// No resource in front of the suffix, or one that no resource can have.
    BadResourceName,
    /// A sovereign cloud, which OpenClaw does not treat as Azure.
    UnsupportedCloud,
    /// A deployment in the path; the v1 API takes it as the model.
    DeploymentInPath,
    /// `api-version` in the URL instead of its own setting.
    VersionInQuery,
}

/// What an API version is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApiVersion {
    /// Generally available.
    Ga,
    /// A preview that the service takes.
    Preview,
    /// The service refuses it.
    Retired,
    /// A version of the management API; inference refuses it.
    ControlPlaneOnly,
    /// A word of the v1 API, which needs no date.
    V1,
    /// Neither a date nor a date with `-preview`.
    BadShape,
    /// A date that no list knows, perhaps newer than the table.
    Unknown,
}

/// What is wrong with a deployment name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeploymentProblem {
    /// Nothing there.
    Empty,
    /// A name from a template.
    Placeholder,
    /// A URL.
    Url,
    /// A resource id, or a path.
    Path,
    /// White space inside or around.
    Blank,
    /// Other characters than letters, digits, `_`, `.` and `-`, or longer than 64: unusual.
    Unusual,
}

/// Longest resource name, as a DNS label.
const MAX_RESOURCE: usize = 63;
const MAX_DEPLOYMENT: usize = 64;

/// The suffixes in the table, which is not read for the hosts of others.
const SUFFIXES: &[&str] = include!(concat!(env!("OUT_DIR"), "/azure_suffixes.rs"));

/// The position of a host's suffix in the table.
fn suffix_of(host: &str) -> Option<usize> {
    let fits = |suffix: &str| host.ends_with(suffix) || Some(host) == suffix.get(1..);
    SUFFIXES.iter().position(|suffix| fits(suffix))
}

/// Scheme, host in lower case and what follows it; `None` for a text that is no URL.
fn parts(url: &str) -> Option<(&str, String, &str)> {
    let (scheme, rest) = url.trim().split_once("://")?;
    if !["https", "http"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return None;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let host = authority.rsplit('@').next().unwrap_or("").split(':').next().unwrap_or("").to_lowercase();
    Some((scheme, host, tail))
}

/// Whether a URL leads to a host of Azure.
#[must_use]
pub fn is_azure(url: &str) -> bool {
    parts(url).is_some_and(|(_, host, _)| suffix_of(&host).is_some())
}

/// Reads an endpoint such as `https://name.openai.azure.com`.
#[must_use]
pub fn endpoint(url: &str) -> Endpoint {
    let mut problems = Vec::new();
    let Some((scheme, host, tail)) = parts(url) else {
        return Endpoint {
            host: String::new(),
            service: None,
            cloud: None,
            resource: None,
            problems: vec![EndpointProblem::NotUrl],
        };
    };
    let known = suffix_of(&host).and_then(|at| table().azure().hosts.get(at));
    let resource = known.and_then(|known| host.strip_suffix(known.suffix)).map(str::to_owned);
    problems.extend(resource_problem(&host, known, resource.as_deref()));
    if scheme.eq_ignore_ascii_case("http") {
        problems.push(EndpointProblem::PlainHttp);
    }
    match known {
        None => problems.push(EndpointProblem::NotAzure),
        Some(known) if !known.openclaw => problems.push(EndpointProblem::UnsupportedCloud),
        Some(_) => {}
    }
    let lower = tail.to_ascii_lowercase();
    if lower.contains("/openai/deployments/") {
        problems.push(EndpointProblem::DeploymentInPath);
    }
    if lower.contains("?api-version=") || lower.contains("&api-version=") {
        problems.push(EndpointProblem::VersionInQuery);
    }
    problems.sort_unstable();
    problems.dedup();
    Endpoint {
        host,
        service: known.map(|known| known.service),
        cloud: known.map(|known| known.cloud),
        resource,
        problems,
    }
}

fn resource_problem(host: &str, known: Option<&AzureHost>, resource: Option<&str>) -> Option<EndpointProblem> {
    if host.is_empty() {
        return Some(EndpointProblem::NotUrl);
    }
    let first = resource.unwrap_or_else(|| host.split('.').next().unwrap_or(""));
    let templated = first.contains(['<', '>', '{', '}', '[', ']', '%'])
        || is_template_name(first, &table().azure().placeholder_resources);
    if templated && (known.is_some() || first.contains(['<', '{', '['])) {
        return Some(EndpointProblem::PlaceholderResource);
    }
    (known.is_some() && !resource.is_some_and(is_resource_name)).then_some(EndpointProblem::BadResourceName)
}

/// Upper case, underscores and blanks are how templates vary.
fn is_template_name(name: &str, list: &[&str]) -> bool {
    let plain: String =
        name.trim().chars().map(|c| if c == '_' || c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect();
    list.contains(&plain.as_str())
}

/// Letters, digits and hyphens, 2 to 63, a letter or digit at both ends.
fn is_resource_name(name: &str) -> bool {
    let edge = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    (2..=MAX_RESOURCE).contains(&name.len())
        && edge(name.bytes().next())
        && edge(name.bytes().next_back())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Classifies a value of `api-version`.
#[must_use]
pub fn api_version(version: &str) -> ApiVersion {
    let version = version.trim();
    let azure = table().azure();
    let lists = [
        (&azure.ga, ApiVersion::Ga),
        (&azure.preview, ApiVersion::Preview),
        (&azure.retired, ApiVersion::Retired),
        (&azure.control_plane_only, ApiVersion::ControlPlaneOnly),
        (&azure.v1, ApiVersion::V1),
    ];
    if let Some((_, kind)) = lists.iter().find(|(list, _)| list.contains(&version)) {
        return *kind;
    }
    let date = version.strip_suffix("-preview").unwrap_or(version);
    let shaped = date.len() == 10 && date.parse::<jiff::civil::Date>().is_ok();
    if shaped { ApiVersion::Unknown } else { ApiVersion::BadShape }
}

/// What is wrong with the name of a deployment, if anything.
#[must_use]
pub fn deployment_problem(name: &str) -> Option<DeploymentProblem> {
    let trimmed = name.trim();
    let usual = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    if trimmed.is_empty() {
        return Some(DeploymentProblem::Empty);
    }
    if trimmed.contains(['<', '>', '{', '}', '[', ']'])
        || is_template_name(trimmed, &table().azure().placeholder_deployments)
    {
        return Some(DeploymentProblem::Placeholder);
    }
    if trimmed.contains("://") {
        return Some(DeploymentProblem::Url);
    }
    if trimmed.contains('/') || trimmed.starts_with("Microsoft.CognitiveServices") {
        return Some(DeploymentProblem::Path);
    }
    if name.contains(char::is_whitespace) {
        return Some(DeploymentProblem::Blank);
    }
    let start = trimmed.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    (!start || trimmed.len() > MAX_DEPLOYMENT || !trimmed.bytes().all(usual)).then_some(DeploymentProblem::Unusual)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn azure_hosts_are_recognised() {
        for (url, service, cloud) in [
            ("https://contoso.openai.azure.com", AzureService::OpenAi, AzureCloud::Public),
            ("https://Contoso-2.OpenAI.Azure.com/openai/v1/", AzureService::OpenAi, AzureCloud::Public),
            ("https://contoso.cognitiveservices.azure.com/", AzureService::CognitiveServices, AzureCloud::Public),
            ("https://contoso.services.ai.azure.com/anthropic", AzureService::AiServices, AzureCloud::Public),
            ("https://swedencentral.api.cognitive.microsoft.com", AzureService::Regional, AzureCloud::Public),
        ] {
            let found = endpoint(url);
            assert_eq!((found.service, found.cloud, found.problems), (Some(service), Some(cloud), vec![]), "{url}");
        }
        assert_eq!(endpoint("https://contoso.openai.azure.com:443/x").resource.as_deref(), Some("contoso"));
    }

    #[test]
    fn problems_of_endpoints() {
        use EndpointProblem as P;
        for (url, problems) in [
            ("contoso.openai.azure.com", vec![P::NotUrl]),
            ("", vec![P::NotUrl]),
            ("https://", vec![P::NotUrl, P::NotAzure]),
            ("http://contoso.openai.azure.com", vec![P::PlainHttp]),
            ("https://YOUR_RESOURCE.openai.azure.com", vec![P::PlaceholderResource]),
            ("https://your-resource-name.openai.azure.com/", vec![P::PlaceholderResource]),
            ("https://<resource>.openai.azure.com", vec![P::PlaceholderResource]),
            ("https://{resource}.openai.azure.com", vec![P::PlaceholderResource]),
            ("https://my-resource.openai.azure.com", vec![P::PlaceholderResource]),
            ("https://-x.openai.azure.com", vec![P::BadResourceName]),
            ("https://openai.azure.com", vec![P::BadResourceName]),
            ("https://a_b.openai.azure.com", vec![P::BadResourceName]),
            ("https://api.openai.com/v1", vec![P::NotAzure]),
            ("https://contoso.openai.azure.us", vec![P::UnsupportedCloud]),
            (
                "https://contoso.openai.azure.com/openai/deployments/gpt/chat?api-version=2024-10-21",
                vec![P::DeploymentInPath, P::VersionInQuery],
            ),
        ] {
            assert_eq!(endpoint(url).problems, problems, "{url}");
        }
    }

    #[test]
    fn versions_fall_into_groups() {
        for (version, kind) in [
            ("2024-10-21", ApiVersion::Ga),
            ("2024-02-15-preview", ApiVersion::Preview),
            ("2025-04-01-preview", ApiVersion::Preview),
            ("2023-03-15-preview", ApiVersion::Retired),
            ("2024-10-01", ApiVersion::ControlPlaneOnly),
            ("preview", ApiVersion::V1),
            ("2027-01-01-preview", ApiVersion::Unknown),
            ("2024-13-01", ApiVersion::BadShape),
            ("2024-02-15-Preview", ApiVersion::BadShape),
            ("20240215", ApiVersion::BadShape),
            ("", ApiVersion::BadShape),
        ] {
            assert_eq!(api_version(version), kind, "{version}");
        }
    }

    #[test]
    fn deployment_names() {
        use DeploymentProblem as P;
        for (name, problem) in [
            ("gpt-4o", None),
            ("my_team.prod-2", None),
            ("", Some(P::Empty)),
            ("your-deployment-name", Some(P::Placeholder)),
            ("YOUR_DEPLOYMENT_NAME", Some(P::Placeholder)),
            ("<deployment>", Some(P::Placeholder)),
            ("https://x", Some(P::Url)),
            ("a/b", Some(P::Path)),
            ("gpt 4", Some(P::Blank)),
            ("-gpt", Some(P::Unusual)),
            ("gpt:4", Some(P::Unusual)),
        ] {
            assert_eq!(deployment_problem(name), problem, "{name}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "\\PC{0,60}") {
            let _ = (endpoint(&text), endpoint(&format!("https://{text}")), api_version(&text), deployment_problem(&text));
        }
    }
}
