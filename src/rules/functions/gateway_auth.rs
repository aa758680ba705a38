//! `gateway-auth`: whether the gateway has the credential that it asks for, in the config or in a variable.

use std::sync::Arc;

use serde::Deserialize;

use crate::project::{Kind, Value};
use crate::rules::Violation;
use crate::rules::model::Call;
use crate::rules::select::Node;

use super::names::{member, nodes};
use super::{Function, Input, options};

/// Given the gateway's section. Outcomes `token` and `password` (the mode needs one), `open` (it listens on the
/// network and asks for nothing), each with `-unseen` behind it where a variable that the linter cannot see may help, and
/// `none` (the same, and the mode wants it so); parameter `variable`. Source: starts of OpenClaw 2026.9.6 with such configs.
pub(super) const GATEWAY_AUTH: Function = Function { name: "gateway-auth", options: OPTIONS, run };

const OPTIONS: &str = r#"{
    "type": "object",
    "additionalProperties": false,
    "required": ["token", "password", "network"],
    "properties": {
        "token": { "type": "string" },
        "password": { "type": "string" },
        "network": { "type": "array", "items": { "type": "string" } }
    }
}"#;

#[derive(Default, Deserialize)]
struct Options {
    /// The variable that serves as token.
    token: String,
    /// The variable that serves as password.
    password: String,
    /// Values of `bind` that are no loopback address.
    network: Vec<String>,
}

fn run(given: &Call, input: &Input<'_>) -> Vec<Violation> {
    let options: Arc<Options> = options(given);
    nodes(input).filter_map(|node| violation(node, &options, input)).collect()
}

fn violation(node: &Node<'_>, options: &Options, input: &Input<'_>) -> Option<Violation> {
    let gateway = node.value;
    let text = |keys: &str| member(gateway, keys).and_then(Value::as_str);
    if text("mode") == Some("remote")
        || member(gateway, "auth").is_some_and(|auth| !matches!(auth.kind, Kind::Object(_)))
    {
        return None;
    }
    let environment = &input.project.environment;
    let has = |key: &str, variable: &str| {
        let written = member(gateway, &format!("auth.{key}")).or_else(|| member(gateway, &format!("remote.{key}")));
        written.is_some() || environment.value(variable).is_some()
    };
    let (token, password) = (has("token", &options.token), has("password", &options.password));
    let network = text("bind").is_some_and(|bind| options.network.iter().any(|known| known == bind));
    let served = text("tailscale.mode") == Some("serve");
    let (outcome, variable) = match text("auth.mode") {
        Some("none") if network => ("none", &options.token),
        Some("token") if network && !token => ("open", &options.token),
        Some("token") if !token && !served => ("token", &options.token),
        Some("password") if !password => ("password", &options.password),
        None if network && !token && !password => ("open", &options.token),
        _ => return None,
    };
    let outcome =
        if outcome == "none" || environment.is_complete() { outcome.to_owned() } else { format!("{outcome}-unseen") };
    let (key, value) = ["auth", "bind"].iter().find_map(|key| gateway.member(key)).map_or_else(
        || (node.key.unwrap_or(gateway.origin), node.path.clone()),
        |member| (member.key_origin, node.path.key(&member.key)),
    );
    Some(Violation::new(outcome, key).at_path(value).param("variable", variable.as_str()))
}
