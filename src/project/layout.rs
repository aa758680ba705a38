//! Which of the two layouts a config is written in.

use super::Value;

/// The layouts that are linted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// What OpenClaw releases read.
    OpenClaw,
    /// The layout of the troubleshooting guide.
    Guide,
}

impl Layout {
    /// Its name in rules, options and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenClaw => "openclaw",
            Self::Guide => "guide",
        }
    }
}

/// What the keys of a file say about its layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detection {
    /// The layout to lint it in.
    pub layout: Layout,
    /// Pointers of keys that only the other layout has: the file mixes both.
    pub foreign: Vec<&'static str>,
}

/// Keys that only the guide has and whose meaning cannot be anything else. No release of OpenClaw had one of them.
const GUIDE_STRONG: &[&str] = &[
    "/secrets/anthropic",
    "/secrets/openai",
    "/secrets/google",
    "/secrets/azure",
    "/secrets/vault",
    "/secrets/aws",
    "/secrets/encryption",
];

/// Keys of the guide that a mistaken OpenClaw file might have as well.
const GUIDE_WEAK: &[&str] = &[
    "/auth/tokenRefresh",
    "/auth/providers",
    "/gateway/defaultProvider",
    "/gateway/routing",
    "/network",
    "/logging/http",
    "/monitoring",
];

/// Keys that only OpenClaw has.
const OPENCLAW: &[&str] = &[
    "/secrets/providers",
    "/secrets/defaults",
    "/models",
    "/agents",
    "/channels",
    "/plugins",
    "/tools",
    "/bindings",
    "/messages",
    "/session",
    "/hooks",
    "/cron",
    "/skills",
    "/commands",
    "/browser",
    "/mcp",
    "/meta",
    "/wizard",
    "/env",
    "/memory",
    "/gateway/mode",
    "/gateway/bind",
    "/gateway/port",
    "/gateway/auth",
    "/gateway/controlUi",
    "/auth/profiles",
    "/auth/order",
];

/// Reads the layout off the keys. Without a telling key it is OpenClaw's.
#[must_use]
pub fn detect(root: &Value) -> Detection {
    let strong = present(root, GUIDE_STRONG);
    let weak = present(root, GUIDE_WEAK);
    let openclaw = present(root, OPENCLAW);
    match (strong.is_empty(), weak.is_empty(), openclaw.is_empty()) {
        (false, _, true) | (true, false, true) => Detection { layout: Layout::Guide, foreign: Vec::new() },
        (false, _, false) => Detection { layout: Layout::OpenClaw, foreign: strong },
        _ => Detection { layout: Layout::OpenClaw, foreign: Vec::new() },
    }
}

fn present(root: &Value, pointers: &[&'static str]) -> Vec<&'static str> {
    let reached = |pointer: &&&'static str| pointer.split('/').skip(1).try_fold(root, |at, key| at.get(key)).is_some();
    pointers.iter().filter(reached).copied().collect()
}
