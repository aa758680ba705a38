//! Hosts and API versions of Azure.

use serde::Deserialize;

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
