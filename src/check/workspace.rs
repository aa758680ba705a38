//! Env files that belong to the configs of another folder, the state folder's: the `.env` of the folder in which OpenClaw is
//! started, and the service's `gateway.env`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::discover::{Kind, Role, is_state_directory};

use super::Loaded;

/// Puts each such file where its variables count. `workspace` names the folder; else it is the one around a state folder.
pub(super) fn place(groups: &mut BTreeMap<PathBuf, Vec<Loaded>>, workspace: Option<&Path>) {
    let configs: Vec<PathBuf> =
        groups.iter().filter(|(_, group)| group.iter().any(is_config)).map(|(folder, _)| folder.clone()).collect();
    let mut taken = Vec::new();
    for folder in configs {
        let around = || folder.parent().filter(|_| is_state_folder(&folder)).map(Path::to_path_buf);
        let Some(from) = workspace.map(Path::to_path_buf).or_else(around).filter(|from| *from != folder) else {
            continue;
        };
        let stays = groups.get(&from).is_some_and(|group| group.iter().any(is_config));
        let file = groups.get(&from).and_then(|group| group.iter().find(|loaded| is_workspace_file(loaded))).cloned();
        let (Some(file), Some(group)) = (file, groups.get_mut(&folder)) else { continue };
        // It is reported once, whatever the number of configs that it counts for.
        let context = file.context || stays || taken.contains(&file.file);
        if !stays {
            taken.push(file.file);
        }
        group.push(Loaded { workspace: true, context, ..file });
    }
    for (_, group) in groups.iter_mut() {
        group.retain(|loaded| loaded.workspace || !taken.contains(&loaded.file));
    }
    groups.retain(|_, group| !group.is_empty());
}

/// Where the service's variables are, seen from the home folder.
const SERVICE: &str = ".config/openclaw";

/// Puts `~/.config/openclaw/gateway.env` beside the files of `~/.openclaw`, where its variables count.
pub(super) fn place_service(groups: &mut BTreeMap<PathBuf, Vec<Loaded>>) {
    let state_folders: Vec<PathBuf> = groups.keys().filter(|folder| is_state_folder(folder)).cloned().collect();
    for folder in state_folders {
        let Some(from) = folder.parent().map(|home| home.join(SERVICE)) else { continue };
        let Some(group) = groups.get_mut(&from) else { continue };
        let (service, others) = std::mem::take(group).into_iter().partition(is_service_file);
        *group = others;
        groups.entry(folder).or_default().extend::<Vec<Loaded>>(service);
    }
    groups.retain(|_, group| !group.is_empty());
}

/// The folder around a file within which files belong together: those of different territories can be checked apart,
/// unless [`super::Settings::workspace`] is set.
#[must_use]
pub fn territory(file: &Path) -> &Path {
    let folder = file.parent().unwrap_or(Path::new(""));
    if is_state_folder(folder) {
        folder.parent().unwrap_or(Path::new(""))
    } else if folder.ends_with(SERVICE) {
        folder.ancestors().nth(2).unwrap_or(Path::new(""))
    } else {
        folder
    }
}

fn is_service_file(loaded: &Loaded) -> bool {
    loaded.info.kind == Kind::Env && loaded.path.file_name().is_some_and(|name| name == "gateway.env")
}

fn is_config(loaded: &Loaded) -> bool {
    loaded.info.kind == Kind::Config && matches!(loaded.info.role, Role::Live | Role::Variant(_))
}

fn is_workspace_file(loaded: &Loaded) -> bool {
    loaded.info.kind == Kind::Env && loaded.path.file_name().is_some_and(|name| name == ".env")
}

fn is_state_folder(folder: &Path) -> bool {
    folder.file_name().and_then(|name| name.to_str()).is_some_and(is_state_directory)
}
