//! Discovery on a real file system, and, where that cannot be arranged (permissions as root), on one in memory.

// clippy.toml allows this in test functions; the helpers here are not.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use openclaw_lint::discover::{
    Discovered, Kind, ProblemKind, Request, Role, classify, discover, env_files_beside, stdin_file,
};
use openclaw_lint::host::{DirEntry, Host, MemoryHost, Metadata, ReadError, RealHost};

/// A directory with these files; a name that ends in `/` is a directory.
fn tree(names: &[&str]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for name in names {
        let path = dir.path().join(name);
        if name.ends_with('/') {
            fs::create_dir_all(path).unwrap();
        } else {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "{}").unwrap();
        }
    }
    dir
}

fn memory(names: &[&str]) -> MemoryHost {
    names.iter().fold(MemoryHost::new("/w"), |host, name| host.with_file(name, "{}"))
}

fn paths(names: &[&str]) -> Request {
    Request { paths: names.iter().map(PathBuf::from).collect(), ..Request::default() }
}

fn run(dir: &tempfile::TempDir, change: impl FnOnce(&mut Request)) -> Discovered {
    let mut request = Request { paths: vec![dir.path().into()], ..Request::default() };
    change(&mut request);
    discover(&RealHost, &request)
}

fn below<'a>(dir: &tempfile::TempDir, path: &'a Path) -> &'a str {
    path.strip_prefix(dir.path()).unwrap().to_str().unwrap()
}

fn names<'a>(dir: &tempfile::TempDir, found: &'a Discovered) -> Vec<&'a str> {
    found.files.iter().map(|file| below(dir, &file.path)).collect()
}

fn shown(found: &Discovered) -> Vec<&str> {
    found.files.iter().map(|file| file.shown.as_str()).collect()
}

fn kinds(found: &Discovered) -> Vec<ProblemKind> {
    found.problems.iter().map(|problem| problem.kind.clone()).collect()
}

/// The real machine, counting what is asked of it.
#[derive(Default)]
struct CountingHost {
    reads: AtomicUsize,
    looks: AtomicUsize,
}

impl Host for CountingHost {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        RealHost.read(path, limit)
    }
    fn metadata(&self, path: &Path) -> Result<Metadata, ReadError> {
        self.looks.fetch_add(1, Ordering::Relaxed);
        RealHost.metadata(path)
    }
    fn list(&self, directory: &Path) -> Result<Vec<DirEntry>, ReadError> {
        self.looks.fetch_add(1, Ordering::Relaxed);
        RealHost.list(directory)
    }
    fn canonicalize(&self, path: &Path) -> Option<PathBuf> {
        self.looks.fetch_add(1, Ordering::Relaxed);
        RealHost.canonicalize(path)
    }
    fn var(&self, _: &str) -> Option<String> {
        None
    }
    fn home(&self) -> Option<PathBuf> {
        None
    }
    fn current_dir(&self) -> Option<PathBuf> {
        RealHost.current_dir()
    }
    fn now_unix_seconds(&self) -> i64 {
        0
    }
}

#[test]
fn variants_env_files_and_state_directories_are_found_in_order() {
    let dir = tree(&[
        "z/openclaw.production.json",
        "openclaw.json",
        ".openclaw/openclaw.json5",
        ".openclaw-dev/openclaw.json",
        ".clawdbot/clawdbot.json",
        ".config/openclaw.json",
        "node_modules/x/openclaw.json",
        ".env",
        "z/.env.local",
        "openclaw.plugin.json",
        "openclaw-lint.json5",
        "package.json",
    ]);
    let found = run(&dir, |_| {});
    assert_eq!(
        names(&dir, &found),
        [
            ".clawdbot/clawdbot.json",
            ".env",
            ".openclaw-dev/openclaw.json",
            ".openclaw/openclaw.json5",
            "openclaw.json",
            "z/.env.local",
            "z/openclaw.production.json",
        ]
    );
    assert!(found.problems.is_empty() && found.ignored == 0 && found.files.iter().all(|file| !file.explicit));
}

#[test]
fn env_files_are_taken_only_where_openclaw_could_meet_them() {
    let host =
        memory(&[".env", "bot/.env", "bot/conf/openclaw.json", "bot/conf/gateway.env", "web/.env", "bot/conf/x/.env"]);
    let found = discover(&host, &Request::default());
    assert_eq!(shown(&found), [".env", "bot/.env", "bot/conf/gateway.env", "bot/conf/openclaw.json"]);
    assert_eq!(shown(&discover(&host, &paths(&["web"]))), ["web/.env"], "in a named directory, yes");
    assert_eq!(env_files_beside(&host, Path::new("bot/conf/openclaw.json")), [Path::new("bot/conf/gateway.env")]);
}

#[test]
fn named_files_are_taken_whatever_their_name_and_whatever_ignores_them() {
    let host = memory(&["a.txt", "my.env", ".bashrc", "openclaw.json", "node_modules/openclaw.json"])
        .with_file(".git/config", "")
        .with_file(".gitignore", "*\n");
    let found = discover(
        &host,
        &paths(&["./a.txt", "my.env", ".bashrc", "/w/openclaw.json", "openclaw.json", "node_modules/openclaw.json"]),
    );
    assert_eq!(found.files.len(), 5, "one of the two names of openclaw.json");
    assert!(found.files.iter().all(|file| file.explicit));
    let kind = |name: &str| found.files.iter().find(|file| file.shown == name).map(|file| file.name.kind);
    assert_eq!(
        (kind("a.txt"), kind("my.env"), kind(".bashrc")),
        (Some(Kind::Config), Some(Kind::Env), Some(Kind::Env))
    );
    let missing = discover(&host, &paths(&["nope.json", "", "a.txt/x"]));
    assert_eq!(kinds(&missing), vec![ProblemKind::Missing; 3]);
}

#[test]
fn a_named_file_wins_over_the_same_file_found() {
    let host = memory(&["openclaw.json", "openclaw.prod.json"]);
    let found = discover(&host, &paths(&[".", "openclaw.json", ".", "/w"]));
    assert_eq!(shown(&found), ["openclaw.json", "openclaw.prod.json"]);
    assert_eq!(found.files.iter().map(|file| file.explicit).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn what_git_ignores_is_skipped_and_counted_but_not_the_env_file_beside_a_config() {
    let host =
        memory(&["openclaw.json.template", "openclaw.json", ".env", "a/openclaw.json", "a/.env", "out/openclaw.json"])
            .with_file(".git/info/exclude", "out/\n")
            .with_file(".gitignore", ".env\n/openclaw.json\n.openclaw/\n")
            .with_file("a/b/openclaw.prod.json", "")
            .with_file("a/b/.gitignore", "*.prod.json\n.env\n")
            .with_file("a/b/.env", "")
            .with_file(".openclaw/openclaw.json", "");
    let found = discover(&host, &Request::default());
    assert_eq!(shown(&found), [".env", "a/.env", "a/openclaw.json", "openclaw.json.template"]);
    // openclaw.json, the state directory, a/b/openclaw.prod.json; a/b/.env belongs to nothing that is taken.
    assert_eq!(found.ignored, 3);
    let all = discover(&host, &Request { no_ignore: true, ..Request::default() });
    assert_eq!((all.files.len(), all.ignored), (9, 0));
    let inner = discover(&host, &paths(&["a"]));
    assert_eq!(shown(&inner), ["a/.env", "a/openclaw.json"], "rules from above hold in a named directory");
}

#[test]
fn a_repository_within_a_repository_has_its_own_rules() {
    let host = memory(&["sub/openclaw.json", "openclaw.json"])
        .with_file(".git/config", "")
        .with_file(".gitignore", "openclaw.json\n")
        .with_file("sub/.git", "gitdir: ../.git/modules/sub\n");
    assert_eq!(shown(&discover(&host, &Request::default())), ["sub/openclaw.json"]);
    assert_eq!(shown(&discover(&host, &paths(&["sub"]))), ["sub/openclaw.json"]);
}

#[test]
fn patterns_add_and_remove() {
    let host =
        memory(&["deploy/claw.conf", "deploy/x.conf", "openclaw.json", "old/openclaw.json", "a/openclaw.test.json"])
            .with_file(".gitignore", "*.conf\n");
    let request = Request {
        include: vec!["deploy/claw.*".into()],
        exclude: vec!["old".into(), "openclaw.test.json".into(), "{a,b}".into()],
        ..Request::default()
    };
    let found = discover(&host, &request);
    assert_eq!(shown(&found), ["deploy/claw.conf", "openclaw.json"]);
    assert!(matches!(kinds(&found).as_slice(), [ProblemKind::BadPattern(_)]));
}

#[test]
fn a_directory_named_like_a_configuration_is_reported_and_entered() {
    let dir = tree(&["openclaw.json/openclaw.production.json", ".env/", "a/openclaw.json"]);
    let found = run(&dir, |_| {});
    assert_eq!(names(&dir, &found), ["a/openclaw.json", "openclaw.json/openclaw.production.json"]);
    assert_eq!(kinds(&found), [ProblemKind::DirectoryInsteadOfFile]);
    let named = run(&dir, |request| request.paths = vec![dir.path().join("openclaw.json")]);
    assert_eq!(kinds(&named), [ProblemKind::DirectoryInsteadOfFile]);
    assert_eq!(RealHost.read(&dir.path().join("openclaw.json"), 10), Err(ReadError::Directory));
}

#[test]
fn a_directory_that_may_not_be_listed_is_a_problem_and_the_rest_goes_on() {
    let host = memory(&["a/openclaw.json", "b/openclaw.json"]).with_fault("a", ReadError::Permission);
    let found = discover(&host, &Request::default());
    assert_eq!(shown(&found), ["b/openclaw.json"]);
    assert_eq!((kinds(&found), found.problems[0].shown.as_str()), (vec![ProblemKind::Permission], "a"));
}

#[test]
fn a_file_that_may_not_be_looked_at_is_a_problem() {
    let host = memory(&["openclaw.json", "openclaw.prod.json"]).with_fault("openclaw.json", ReadError::Permission);
    // The fake lists it as a directory: it has the name of a configuration and cannot be listed either.
    let found = discover(&host, &paths(&["openclaw.json", "openclaw.prod.json"]));
    assert_eq!((shown(&found), kinds(&found)), (vec!["openclaw.prod.json"], vec![ProblemKind::Permission]));
    assert_eq!(host.read(Path::new("openclaw.json"), 100), Err(ReadError::Permission));
}

#[test]
fn a_huge_sparse_file_is_never_read() {
    let dir = tree(&["openclaw.prod.json"]);
    let path = dir.path().join("openclaw.json");
    fs::File::create(&path).unwrap().set_len(1 << 30).unwrap();
    let host = CountingHost::default();
    let found = discover(&host, &Request { paths: vec![dir.path().into()], no_ignore: true, ..Request::default() });
    assert_eq!(names(&dir, &found), ["openclaw.prod.json"]);
    assert_eq!(kinds(&found), [ProblemKind::TooLarge { size: 1 << 30, limit: 16 << 20 }]);
    assert_eq!(host.reads.into_inner(), 0);
    assert_eq!(RealHost.read(&path, 1 << 20), Err(ReadError::TooLarge { size: 1 << 30, limit: 1 << 20 }));
}

#[test]
fn ten_thousand_files_in_one_directory_cost_one_look_each() {
    let dir = tree(&[]);
    for n in 0..10_000 {
        fs::write(dir.path().join(format!("openclaw.env{n}.json")), "").unwrap();
    }
    fs::write(dir.path().join(".gitignore"), "*.env7?.json\n").unwrap();
    let host = CountingHost::default();
    let found = discover(&host, &Request { paths: vec![dir.path().into()], ..Request::default() });
    assert_eq!((found.files.len(), found.ignored), (9_990, 10));
    assert!(host.looks.into_inner() < 10_050, "links resolved, directories listed again, or the like");
}

#[test]
fn a_deep_tree_is_walked_without_recursion() {
    let file_at = |depth: usize| "d/".repeat(depth) + "openclaw.json";
    let found = discover(&memory(&[&file_at(2000), &file_at(2100)]), &Request::default());
    assert_eq!((found.files.len(), kinds(&found)), (1, vec![ProblemKind::TooDeep]));
}

#[test]
fn user_adds_what_openclaw_reads_and_tells_what_it_looked_for() {
    let host = MemoryHost { home: Some("/home/u".into()), ..memory(&["openclaw.json"]) }
        .with_file("/home/u/.openclaw/clawdbot.json", "{}")
        .with_file("/home/u/.clawdbot/openclaw.json", "{}")
        .with_file("/home/u/.openclaw/.env", "");
    let found = discover(&host, &Request { user: true, ..Request::default() });
    assert_eq!(shown(&found), ["/home/u/.openclaw/.env", "/home/u/.openclaw/clawdbot.json", "openclaw.json"]);
    assert!(found.problems.is_empty(), "missing files are no problem");
    let there: Vec<bool> = found.looked_for.iter().map(|(_, there)| *there).collect();
    assert_eq!(there, [false, true, true, false, true, false]);

    let odd = host.clone().with_var("OPENCLAW_CONFIG_PATH", "/etc/claw.env").with_file("/etc/claw.env", "{}");
    let found = discover(&odd, &Request { user: true, ..Request::default() });
    assert_eq!(found.files[0].name.kind, Kind::Config, "OpenClaw reads it as its configuration");

    let bad = discover(&host, &Request { user: true, profile: Some("../x".into()), ..Request::default() });
    assert_eq!((kinds(&bad), shown(&bad)), (vec![ProblemKind::BadProfile], vec!["openclaw.json"]));
}

#[test]
fn standard_input_is_what_its_name_says() {
    assert_eq!((stdin_file(None).name.kind, stdin_file(None).shown.as_str()), (Kind::Config, "<stdin>"));
    assert_eq!(stdin_file(Some("x/.env.example")).name.role, Role::Template);
}

#[test]
fn every_name_in_the_corpus_is_known() {
    let shared = std::env::var_os("OPENCLAW_LINT_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let corpus = shared.join("corpus");
    if !corpus.is_dir() {
        eprintln!("skipped: no corpus beside the project (OPENCLAW_LINT_SHARED)");
        return;
    }
    let found = discover(&RealHost, &Request { paths: vec![corpus.clone()], no_ignore: true, ..Request::default() });
    let mut stack = vec![corpus];
    let mut count = 0;
    while let Some(dir) = stack.pop() {
        for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                stack.push(entry.path());
            } else {
                count += 1;
                let name = entry.file_name().into_string().unwrap();
                assert_eq!(classify(&name).map(|info| info.kind), Some(Kind::Config), "{name}");
            }
        }
    }
    assert_eq!((found.files.len(), found.problems.len()), (count, 0));
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_to_files_are_followed_once_and_links_to_directories_never() {
        let dir = tree(&["real/openclaw.json", "b/"]);
        symlink("../real/openclaw.json", dir.path().join("b/openclaw.json")).unwrap();
        symlink("real", dir.path().join("alias")).unwrap();
        symlink("..", dir.path().join("b/up")).unwrap();
        let found = run(&dir, |_| {});
        assert_eq!(names(&dir, &found), ["real/openclaw.json"], "the file itself is kept, not its link");
        let through = run(&dir, |request| request.paths = vec![dir.path().join("alias")]);
        assert_eq!(names(&dir, &through), ["alias/openclaw.json"], "a named link is entered");
    }

    #[test]
    fn link_loops_and_broken_links_are_problems() {
        let dir = tree(&["openclaw.prod.json", "x/"]);
        symlink("openclaw.json", dir.path().join("openclaw.json")).unwrap();
        symlink("nowhere", dir.path().join("openclaw.dev.json")).unwrap();
        symlink("nowhere", dir.path().join("x/.env")).unwrap();
        symlink("loop", dir.path().join("loop")).unwrap();
        let found = run(&dir, |_| {});
        assert_eq!(names(&dir, &found), ["openclaw.prod.json"]);
        assert_eq!(
            kinds(&found),
            [ProblemKind::BrokenLink, ProblemKind::LinkLoop],
            "the env file in x is nobody's business"
        );
        let named = run(&dir, |request| request.paths = vec![dir.path().join("loop")]);
        assert_eq!(kinds(&named), [ProblemKind::LinkLoop]);
    }

    #[test]
    fn pipes_and_devices_are_never_opened() {
        let dir = tree(&[]);
        let pipe = dir.path().join("openclaw.json");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        if !made.is_ok_and(|status| status.success()) {
            eprintln!("skipped: no mkfifo");
            return;
        }
        assert_eq!(kinds(&run(&dir, |_| {})), [ProblemKind::NotRegular]);
        assert_eq!(kinds(&run(&dir, |request| request.paths = vec![pipe.clone()])), [ProblemKind::NotRegular]);
        assert_eq!(RealHost.read(&pipe, 10), Err(ReadError::NotRegular));
        assert_eq!(RealHost.read(Path::new("/dev/zero"), 10), Err(ReadError::NotRegular));
    }

    #[test]
    fn a_file_that_lies_about_its_size_is_read_up_to_the_limit() {
        let lying = Path::new("/proc/self/status");
        if fs::metadata(lying).is_ok_and(|found| found.len() == 0) {
            assert!(matches!(RealHost.read(lying, 10), Err(ReadError::TooLarge { size: 11, limit: 10 })));
            assert!(RealHost.read(lying, 1 << 20).is_ok_and(|bytes| !bytes.is_empty()));
        }
    }

    #[test]
    fn odd_names_are_found_and_shown_safely() {
        let dir = tree(&["openclaw.a\nb.json", "openclaw.\u{202e}.json"]);
        let raw = dir.path().join(OsStr::from_bytes(b"openclaw.\xff.json"));
        if fs::write(&raw, "{}").is_err() {
            eprintln!("skipped: this file system takes UTF-8 names only");
            return;
        }
        let found = run(&dir, |_| {});
        assert_eq!(found.files.len(), 3);
        assert!(found.files.iter().all(|file| RealHost.is_file(&file.path)));
        let all = shown(&found).join(" ");
        assert!(
            all.contains(r"openclaw.a\u{a}b.json") && all.contains(r"openclaw.\xff.json") && all.contains(r"\u{202e}")
        );
        let named = run(&dir, |request| request.paths = vec![raw]);
        assert_eq!((named.files.len(), named.problems.len()), (1, 0));
    }
}
