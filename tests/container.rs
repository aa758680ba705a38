//! What the `Dockerfile` says is true of the project. Building the image takes a container engine, which a test has not; the
//! program that it packs is built and run by `.ci/container`.

use std::collections::BTreeSet;
use std::path::Path;

/// The instructions, each on one line.
fn instructions() -> Vec<(String, String)> {
    let text = read("Dockerfile").replace("\\\n", " ");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| line.split_once(' ').unwrap_or_else(|| panic!("an instruction without arguments: {line}")))
        .map(|(name, arguments)| (name.to_owned(), arguments.split_whitespace().collect::<Vec<_>>().join(" ")))
        .collect()
}

fn read(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file))
        .unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn arguments(name: &str) -> Vec<String> {
    instructions().into_iter().filter(|(found, _)| found == name).map(|(_, arguments)| arguments).collect()
}

/// What is copied from the project.
fn copied() -> BTreeSet<String> {
    let copies = arguments("COPY").into_iter().filter(|arguments| !arguments.starts_with("--from"));
    copies
        .flat_map(|arguments| {
            let mut words: Vec<String> = arguments.split(' ').map(str::to_owned).collect();
            words.pop();
            words
        })
        .collect()
}

#[test]
fn everything_that_is_copied_is_there_and_nothing_else_is_sent() {
    let copied = copied();
    for path in &copied {
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists(), "there is no {path}");
    }
    let ignored = read(".dockerignore");
    let mut lines = ignored.lines().filter(|line| !line.starts_with('#'));
    assert_eq!(lines.next(), Some("*"), "everything is left out at first");
    let sent: BTreeSet<String> = lines.map(|line| line.strip_prefix('!').expect("an exception").to_owned()).collect();
    assert_eq!(sent, copied);
}

#[test]
fn what_a_build_needs_is_copied() {
    let manifest = read("Cargo.toml");
    let list = manifest.split_once("include = [").expect("a list").1.split_once(']').expect("its end").0;
    let needed = list.lines().filter_map(|line| line.trim().trim_end_matches(',').trim_matches('"').strip_prefix('/'));
    let copied = copied();
    let needed: Vec<&str> = needed.filter(|path| !path.contains('*') && *path != "examples").collect();
    assert!(needed.contains(&"src") && needed.contains(&"build.rs"), "{needed:?}");
    for path in needed {
        assert!(copied.contains(path), "{path} is not copied");
    }
    assert!(copied.contains("Cargo.toml") && copied.contains("Cargo.lock") && copied.contains("xtask"));
}

#[test]
fn images_are_pinned_and_the_compiler_is_new_enough() {
    let from = arguments("FROM");
    assert_eq!(from.len(), 2);
    assert_eq!(from[1], "scratch");
    let version = from[0].strip_prefix("rust:").and_then(|rest| rest.split('-').next()).expect("a version of Rust");
    let numbers = |text: &str| text.split('.').map(|part| part.parse().expect("a number")).collect::<Vec<u32>>();
    assert_eq!(numbers(version).len(), 3, "{version} names no release");
    let manifest = read("Cargo.toml");
    let least = manifest.lines().find_map(|line| line.strip_prefix("rust-version = ")).expect("rust-version");
    assert!(numbers(version) >= numbers(least.trim_matches('"')), "{version} is older than {least}");
}

#[test]
fn the_program_is_started_without_rights() {
    assert_eq!(arguments("ENTRYPOINT"), ["[\"/openclaw-lint\"]"]);
    assert_eq!(arguments("CMD"), ["[\"check\"]"]);
    assert_eq!(arguments("USER"), ["65534:65534"]);
    let packed =
        arguments("COPY").into_iter().filter(|arguments| arguments.starts_with("--from=build ")).collect::<Vec<_>>();
    assert_eq!(packed[0], "--from=build /out/openclaw-lint /openclaw-lint");
    let build = arguments("RUN").join(" ");
    let fixed = "cargo rustc --release --locked --bin openclaw-lint -- -C relocation-model=static";
    assert!(build.contains(fixed), "as in docs/performance.md: {build}");
    assert!(read("docs/performance.md").contains("-C relocation-model=static"));
    assert!(env!("CARGO_BIN_EXE_openclaw-lint").contains("openclaw-lint"));
}
