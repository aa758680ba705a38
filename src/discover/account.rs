//! The files that OpenClaw itself would read for this account, and in which order it looks for them. Facts from OpenClaw
//! 2026.9.6: path variables, profiles, the old `clawdbot` names, the env files of the state directory.
//!
//! Variables are taken from the process environment only. OpenClaw also honours path variables that it has just loaded
//! from the state directory's `.env`; following those is not this module's business.

use std::path::{Path, PathBuf};

use crate::host::Host;

const STATE_DIR: &str = ".openclaw";
const LEGACY_STATE_DIR: &str = ".clawdbot";
const CONFIG_NAMES: [&str; 2] = ["openclaw.json", "clawdbot.json"];
const PROFILE_MAX: usize = 64;

/// Where OpenClaw keeps things for this account. Paths are absolute when the host knows its current directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The home directory in effect: `OPENCLAW_HOME`, `HOME`, `USERPROFILE`, the system's.
    pub home: PathBuf,
    /// The state directory in effect, whether or not it is there.
    pub state_dir: PathBuf,
    /// Where a configuration is looked for, best first.
    pub config_candidates: Vec<PathBuf>,
    /// The first candidate that is there.
    pub config: Option<PathBuf>,
    /// Env files that are loaded before the configuration, in this order (the first value of a name wins). The `.env` of
    /// the directory OpenClaw is started in comes before them and is not listed.
    pub env_files: Vec<PathBuf>,
}

/// Why there is no [`Account`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountError {
    /// Not a profile name that OpenClaw takes: a letter or digit, then at most 63 letters, digits, `_` or `-`.
    BadProfile(String),
    /// No home directory.
    NoHome,
}

/// Resolves the paths of this account. `profile` is what `--profile` says; without it `OPENCLAW_PROFILE` counts.
///
/// # Errors
/// [`AccountError`].
pub fn account(host: &dyn Host, profile: Option<&str>) -> Result<Account, AccountError> {
    let home = home(host).ok_or(AccountError::NoHome)?;
    let set = |name: &str| variable(host, name).map(|value| resolve(host, &value, Some(&home)));
    let profile = match profile.map(str::to_owned).or_else(|| variable(host, "OPENCLAW_PROFILE")) {
        Some(name) => checked_profile(&name)?.map(str::to_owned),
        None => None,
    };
    let default_dir = home.join(STATE_DIR);
    let of_profile = profile.map(|name| home.join(format!("{STATE_DIR}-{name}")));
    let state_override = set("OPENCLAW_STATE_DIR").or_else(|| of_profile.clone());
    let config_override = set("OPENCLAW_CONFIG_PATH")
        .or_else(|| of_profile.and(state_override.as_deref()).map(|state| state.join(CONFIG_NAMES[0])));

    let env_dir = state_override.clone().or_else(|| config_override.as_deref()?.parent().map(Path::to_path_buf));
    let env_dir = env_dir.unwrap_or_else(|| default_dir.clone());
    let mut env_files = vec![env_dir.join(".env")];
    if state_override.as_ref().is_none_or(|state| *state == default_dir) {
        env_files.push(home.join(".config/openclaw/gateway.env"));
    }
    let config_candidates = match (config_override, &state_override) {
        (Some(path), _) => vec![path],
        (None, Some(state)) => candidates(std::slice::from_ref(state)),
        (None, None) => candidates(&[default_dir.clone(), home.join(LEGACY_STATE_DIR)]),
    };
    let config = config_candidates.iter().find(|path| host.exists(path)).cloned();
    let state_dir = state_override.unwrap_or_else(|| existing_state_dir(host, &home, default_dir));
    Ok(Account { home, state_dir, config_candidates, config, env_files })
}

/// Every name in the first directory, then every name in the next.
fn candidates(directories: &[PathBuf]) -> Vec<PathBuf> {
    directories.iter().flat_map(|dir| CONFIG_NAMES.map(|name| dir.join(name))).collect()
}

fn existing_state_dir(host: &dyn Host, home: &Path, default_dir: PathBuf) -> PathBuf {
    let legacy = home.join(LEGACY_STATE_DIR);
    if !host.exists(&default_dir) && host.exists(&legacy) { legacy } else { default_dir }
}

fn home(host: &dyn Host) -> Option<PathBuf> {
    let system = ["HOME", "USERPROFILE"].iter().find_map(|name| variable(host, name)).map(PathBuf::from);
    let system = system.or_else(|| host.home());
    let own = variable(host, "OPENCLAW_HOME").map(|value| resolve(host, &value, system.as_deref()));
    own.or(system)
}

/// The value of a variable; blank counts as unset.
fn variable(host: &dyn Host, name: &str) -> Option<String> {
    host.var(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Expands a leading `~` and makes the path absolute.
fn resolve(host: &dyn Host, value: &str, home: Option<&Path>) -> PathBuf {
    let below_home = match value.strip_prefix('~') {
        Some("") => Some(""),
        Some(rest) => rest.strip_prefix(['/', '\\']),
        None => None,
    };
    let expanded = match (below_home, home) {
        (Some(""), Some(home)) => home.to_path_buf(),
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(value),
    };
    host.current_dir().map_or_else(|| expanded.clone(), |cwd| crate::host::lexical(&cwd.join(&expanded)))
}

/// The profile's name; `None` for the default one.
fn checked_profile(name: &str) -> Result<Option<&str>, AccountError> {
    let name = name.trim();
    let valid = name.len() <= PROFILE_MAX
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if !valid {
        return Err(AccountError::BadProfile(name.to_owned()));
    }
    Ok((!name.eq_ignore_ascii_case("default")).then_some(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::MemoryHost;

    fn machine() -> MemoryHost {
        MemoryHost { home: Some("/home/u".into()), ..MemoryHost::new("/w") }
    }

    fn paths(paths: &[PathBuf]) -> Vec<&str> {
        paths.iter().map(|path| path.to_str().unwrap()).collect()
    }

    #[test]
    fn without_variables_both_state_directories_are_probed() {
        let found = account(&machine(), None).unwrap();
        assert_eq!(
            paths(&found.config_candidates),
            [
                "/home/u/.openclaw/openclaw.json",
                "/home/u/.openclaw/clawdbot.json",
                "/home/u/.clawdbot/openclaw.json",
                "/home/u/.clawdbot/clawdbot.json",
            ]
        );
        assert_eq!(paths(&found.env_files), ["/home/u/.openclaw/.env", "/home/u/.config/openclaw/gateway.env"]);
        assert_eq!((found.state_dir, found.config), ("/home/u/.openclaw".into(), None));
    }

    #[test]
    fn the_old_directory_counts_while_the_new_one_is_missing() {
        let host = machine().with_file("/home/u/.clawdbot/clawdbot.json", "{}");
        let found = account(&host, None).unwrap();
        assert_eq!(found.state_dir, PathBuf::from("/home/u/.clawdbot"));
        assert_eq!(found.config, Some("/home/u/.clawdbot/clawdbot.json".into()));
        assert_eq!(paths(&found.env_files)[0], "/home/u/.openclaw/.env", "the env file stays with the new name");
    }

    #[test]
    fn the_config_variable_decides_alone_and_brings_its_env_file() {
        let host = machine()
            .with_var("OPENCLAW_CONFIG_PATH", "~/conf/my.json")
            .with_file("/home/u/.openclaw/openclaw.json", "");
        let found = account(&host, None).unwrap();
        assert_eq!(paths(&found.config_candidates), ["/home/u/conf/my.json"]);
        assert_eq!(found.config, None);
        assert_eq!(paths(&found.env_files), ["/home/u/conf/.env", "/home/u/.config/openclaw/gateway.env"]);
        let relative = account(&machine().with_var("OPENCLAW_CONFIG_PATH", "x/../my.json"), None).unwrap();
        assert_eq!(paths(&relative.config_candidates), ["/w/my.json"]);
    }

    #[test]
    fn a_state_directory_elsewhere_has_no_gateway_env() {
        let found = account(&machine().with_var("OPENCLAW_STATE_DIR", "/srv/s"), None).unwrap();
        assert_eq!(paths(&found.config_candidates), ["/srv/s/openclaw.json", "/srv/s/clawdbot.json"]);
        assert_eq!(paths(&found.env_files), ["/srv/s/.env"]);
        let same = account(&machine().with_var("OPENCLAW_STATE_DIR", "~/.openclaw"), None).unwrap();
        assert_eq!(same.env_files.len(), 2);
    }

    #[test]
    fn profiles_have_their_own_directory() {
        let found = account(&machine().with_var("OPENCLAW_PROFILE", "Work"), None).unwrap();
        assert_eq!(paths(&found.config_candidates), ["/home/u/.openclaw-Work/openclaw.json"]);
        assert_eq!(paths(&found.env_files), ["/home/u/.openclaw-Work/.env"]);
        let named = account(&machine().with_var("OPENCLAW_PROFILE", "work"), Some("dev")).unwrap();
        assert_eq!(named.state_dir, PathBuf::from("/home/u/.openclaw-dev"));
        let kept = account(&machine().with_var("OPENCLAW_STATE_DIR", "/srv"), Some("dev")).unwrap();
        assert_eq!(paths(&kept.config_candidates), ["/srv/openclaw.json"]);
        assert_eq!(account(&machine(), Some("Default")), account(&machine(), None));
    }

    #[test]
    fn profile_names_have_a_rule() {
        for bad in ["", "-a", "a/b", "../x", "a b", "é", &"a".repeat(65)] {
            assert_eq!(account(&machine(), Some(bad)), Err(AccountError::BadProfile(bad.into())), "{bad}");
        }
        assert!(account(&machine(), Some(&"a".repeat(64))).is_ok());
    }

    #[test]
    fn home_has_four_sources() {
        let host = MemoryHost::new("/w").with_var("USERPROFILE", "/up");
        assert_eq!(account(&host, None).unwrap().home, PathBuf::from("/up"));
        let host = host.with_var("HOME", "/h");
        assert_eq!(account(&host, None).unwrap().home, PathBuf::from("/h"));
        let host = host.with_var("OPENCLAW_HOME", "~/claw");
        assert_eq!(account(&host, None).unwrap().home, PathBuf::from("/h/claw"));
        assert_eq!(account(&MemoryHost::new("/w"), None), Err(AccountError::NoHome));
    }
}
