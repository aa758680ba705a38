//! Where a repository is, and what its configuration says.

use std::path::{Path, PathBuf};

use gix_config::file::{Metadata, includes, init};
use gix_config::path::interpolate;
use gix_config::{File, Source};
use gix_index::hash;
use openclaw_lint::host::lexical;
use openclaw_lint::language::Phrase;

use super::super::Trouble;

/// A repository with a work tree.
#[derive(Debug)]
pub(in crate::cli) struct Repository {
    /// The top of the work tree, links resolved.
    pub(in crate::cli) work_tree: PathBuf,
    /// What belongs to this work tree alone: `HEAD`, the index.
    pub(in crate::cli) git_dir: PathBuf,
    /// What all work trees of the repository share: objects, branches, the configuration.
    pub(in crate::cli) common_dir: PathBuf,
    /// The index: git names another one to its hooks when only some files are committed.
    pub(in crate::cli) index: PathBuf,
    /// Where objects are.
    pub(in crate::cli) objects: PathBuf,
    /// SHA-1, or SHA-256.
    pub(in crate::cli) hash: hash::Kind,
}

impl Repository {
    /// The one that git would use in the current folder.
    pub(in crate::cli) fn here() -> Result<Self, Trouble> {
        let current = current_dir()?;
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(|v| current.join(v));
        let (git_dir, found) = match variable("GIT_DIR") {
            Some(git_dir) => (git_dir, Some(current.clone())),
            None => {
                let (path, _) = gix_discover::upwards(&current).map_err(|_| no_repository(&current))?;
                path.into_repository_and_work_tree_directories()
            }
        };
        let git_dir = real(&current.join(git_dir));
        let common_dir = variable("GIT_COMMON_DIR").unwrap_or_else(|| common_dir(&git_dir));
        let config = local(&common_dir.join("config"))?;
        let configured = config.string("core.worktree").map(|folder| git_dir.join(super::staged::path(&folder)));
        let work_tree = variable("GIT_WORK_TREE").or(configured).or(found.map(|folder| current.join(folder)));
        let Some(work_tree) = work_tree else {
            let phrase = Phrase::new("the git repository {folder} has no work tree");
            return Err(Trouble(phrase.with("folder", git_dir.display().to_string())));
        };
        let sha256 = config.string("extensions.objectFormat").is_some_and(|name| name.eq_ignore_ascii_case(b"sha256"));
        Ok(Self {
            work_tree: real(&work_tree),
            index: variable("GIT_INDEX_FILE").unwrap_or_else(|| git_dir.join("index")),
            objects: variable("GIT_OBJECT_DIRECTORY").unwrap_or_else(|| common_dir.join("objects")),
            hash: if sha256 { hash::Kind::Sha256 } else { hash::Kind::Sha1 },
            git_dir,
            common_dir,
        })
    }

    /// The folder of the hooks that git runs.
    pub(in crate::cli) fn hooks(&self) -> Result<PathBuf, Trouble> {
        let home = std::env::home_dir();
        let paths = interpolate::Context { home_dir: home.as_deref(), ..Default::default() };
        let config = self.config(paths).map_err(|error| {
            Trouble(
                Phrase::new("cannot read git's configuration: {error}").with("error", Phrase::new(error.to_string())),
            )
        })?;
        let configured = config.path("core.hooksPath").and_then(|path| path.interpolate(paths).ok());
        // Git runs hooks at the top of the work tree, and counts from there.
        Ok(configured.map_or_else(|| self.common_dir.join("hooks"), |path| lexical(&self.work_tree.join(path))))
    }

    /// The configuration as git puts it together, but for that of its installation: to find this, git would have to run.
    fn config(&self, paths: interpolate::Context<'_>) -> gix_error::Result<File> {
        let account = [Source::System, Source::Git, Source::User].into_iter().filter_map(|source| {
            // On Windows its place is known to git alone.
            let known = source != Source::System || cfg!(unix);
            let path = known.then(|| source.storage_location(&mut |name| std::env::var_os(name)))??;
            Some((path, source))
        });
        let own =
            [(self.common_dir.join("config"), Source::Local), (self.git_dir.join("config.worktree"), Source::Worktree)];
        let files = account.chain(own).filter(|(path, _)| path.is_file());
        let files = files.map(|(path, source)| Metadata { path: Some(path), ..Metadata::from(source) });
        let place = includes::conditional::Context { git_dir: Some(&self.git_dir), branch_name: None };
        let options = init::Options { includes: includes::Options::follow(paths, place), ..Default::default() };
        let mut config = File::from_paths_metadata(files, options)?.unwrap_or_default();
        if let Some(environment) = File::from_env(options)? {
            config.append(environment)?;
        }
        Ok(config)
    }
}

/// The current folder, links resolved.
pub(in crate::cli) fn current_dir() -> Result<PathBuf, Trouble> {
    let current = std::env::current_dir()
        .map_err(|error| Trouble::of_file("cannot read {file}: {error}", Path::new("."), &error))?;
    Ok(real(&current))
}

fn no_repository(current: &Path) -> Trouble {
    Trouble(Phrase::new("{folder} is in no git repository").with("folder", current.display().to_string()))
}

/// A linked work tree names the folder that it shares with others.
fn common_dir(git_dir: &Path) -> PathBuf {
    let named = std::fs::read(git_dir.join("commondir")).unwrap_or_default();
    let named = named.trim_ascii_end();
    if named.is_empty() { git_dir.to_owned() } else { real(&git_dir.join(super::staged::path(named))) }
}

/// What a repository says of itself stands in its own file, and never in what that includes.
fn local(file: &Path) -> Result<File, Trouble> {
    if !file.is_file() {
        return Ok(File::default());
    }
    File::from_path_no_includes(file.to_owned(), Source::Local)
        .map_err(|error| Trouble::of_file("cannot read {file}: {error}", file, &error))
}

fn real(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| lexical(path))
}
