//! Which paths git ignores: `.gitignore` files and a repository's `info/exclude`, read through the [`Host`].
//!
//! Not read: the account's own excludes file (`core.excludesFile`), because a verdict must not depend on who runs it.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::host::Host;

/// Ignore files above this size are taken as empty: nobody wrote them.
const MAX_IGNORE_FILE: u64 = 1 << 20;

/// The ignore rules that hold in one directory: from the repository's own, which are weakest, down to the directory's.
#[derive(Clone, Default)]
pub(super) struct Ignores(Rc<Vec<Rc<Gitignore>>>);

impl Ignores {
    /// The rules from above `root`: those of the repository it lies in, up to its parent directory.
    pub(super) fn above(host: &dyn Host, root: &Path) -> Self {
        let parents: Vec<&Path> = root.ancestors().skip(1).collect();
        let Some(top) = parents.iter().position(|dir| host.exists(&dir.join(".git"))) else { return Self::default() };
        let inside = parents.get(..=top).unwrap_or(&[]).iter().rev();
        let start = inside.clone().next().map(|repository| Self::of_repository(host, repository)).unwrap_or_default();
        inside.fold(start, |rules, dir| rules.with_file(host, &dir.join(".gitignore"), dir))
    }

    /// The rules of the repository whose work tree starts at `directory`. Nothing from above counts in it.
    pub(super) fn of_repository(host: &dyn Host, directory: &Path) -> Self {
        Self::default().with_file(host, &git_directory(host, directory).join("info/exclude"), directory)
    }

    /// These rules and those in `directory/.gitignore`, which win.
    pub(super) fn below(&self, host: &dyn Host, directory: &Path) -> Self {
        self.with_file(host, &directory.join(".gitignore"), directory)
    }

    /// Whether `path`, which lies below all directories whose rules these are, is ignored. Its parents were not.
    pub(super) fn skip(&self, path: &Path, is_directory: bool) -> bool {
        let verdicts = self.0.iter().rev().map(|rules| rules.matched(path, is_directory));
        verdicts.into_iter().find(|verdict| !matches!(verdict, Match::None)).is_some_and(|verdict| verdict.is_ignore())
    }

    fn with_file(&self, host: &dyn Host, file: &Path, directory: &Path) -> Self {
        let Ok(bytes) = host.read(file, MAX_IGNORE_FILE) else { return self.clone() };
        let text = String::from_utf8_lossy(&bytes);
        let mut builder = GitignoreBuilder::new(directory);
        for line in text.trim_start_matches('\u{FEFF}').lines() {
            // Git passes over lines it cannot use; so do we.
            let _ = builder.add_line(None, line);
        }
        match builder.build() {
            Ok(rules) if !rules.is_empty() => {
                let levels = self.0.iter().cloned().chain([Rc::new(rules)]);
                Self(Rc::new(levels.collect()))
            }
            _ => self.clone(),
        }
    }
}

/// Where a work tree's repository is: `.git` itself, or what a `.git` file (submodule, linked work tree) points to.
fn git_directory(host: &dyn Host, directory: &Path) -> PathBuf {
    let dot_git = directory.join(".git");
    let Some(target) = first_line(host, &dot_git) else { return dot_git };
    let own = directory.join(target.strip_prefix("gitdir:").unwrap_or(&target).trim());
    first_line(host, &own.join("commondir")).map_or_else(|| own.clone(), |common| own.join(common.trim()))
}

pub(super) fn first_line(host: &dyn Host, file: &Path) -> Option<String> {
    let bytes = host.read(file, 64 * 1024).ok()?;
    String::from_utf8_lossy(&bytes).lines().next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::MemoryHost;

    #[test]
    fn nearer_rules_win_and_may_take_back() {
        let host = MemoryHost::new("/r")
            .with_file(".git/info/exclude", "*.local.json\n")
            .with_file(".gitignore", "\u{FEFF}*.json\n/build/\n")
            .with_file("a/.gitignore", "!openclaw.json\r\n");
        let top = Ignores::of_repository(&host, Path::new("/r")).below(&host, Path::new("/r"));
        let inner = top.below(&host, Path::new("/r/a"));
        assert!(top.skip(Path::new("/r/openclaw.json"), false) && top.skip(Path::new("/r/build"), true));
        assert!(!inner.skip(Path::new("/r/a/openclaw.json"), false));
        assert!(inner.skip(Path::new("/r/a/openclaw.local.json"), false));
        assert!(!inner.skip(Path::new("/r/a/build"), true));
        assert!(Ignores::above(&host, Path::new("/r/a")).skip(Path::new("/r/a/openclaw.json"), false));
        assert!(!Ignores::above(&host, Path::new("/r")).skip(Path::new("/r/openclaw.json"), false), "only from above");
    }

    #[test]
    fn linked_work_trees_share_their_excludes() {
        let host = MemoryHost::new("/tree")
            .with_file(".git", "gitdir: /main/.git/worktrees/tree\n")
            .with_file("/main/.git/worktrees/tree/commondir", "../..\n")
            .with_file("/main/.git/info/exclude", "openclaw.json\n");
        assert!(Ignores::of_repository(&host, Path::new("/tree")).skip(Path::new("/tree/openclaw.json"), false));
    }
}
