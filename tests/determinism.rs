//! The same input gives the same bytes, in every run and with any number of threads, of the real program.

use std::fs;
use std::path::Path;
use std::process::Command;

use openclaw_lint::report::Format;
use openclaw_lint::rules::Catalog;

/// A folder for each example, so that projects are checked at the same time, and a file so large that its rules are.
fn tree() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let catalog = Catalog::bundled();
    let documentation = catalog.rules().filter_map(|rule| catalog.documentation(rule.id));
    for (at, example) in documentation.filter_map(|docs| docs.examples.bad.first()).enumerate() {
        for (name, text) in example.files.iter().filter(|(name, _)| !name.starts_with(".git")) {
            write(&folder.path().join(format!("{at}")).join(name), &text.replace(['«', '»'], ""));
        }
    }
    let servers = |at: usize| format!("  s{at}: {{ command: \"x\", env: {{ A_KEY: \"${{V{at}}}\" }}, prot: {at} }},\n");
    let large: String = (0..2_000).map(servers).collect();
    write(&folder.path().join("large/openclaw.json"), &format!("{{ mcp: {{ servers: {{\n{large}}} }} }}\n"));
    folder
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn said(folder: &Path, threads: &str, arguments: &[&str]) -> Vec<u8> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_openclaw-lint"));
    program.current_dir(folder).args(arguments).env("RAYON_NUM_THREADS", threads).env("LC_ALL", "C.UTF-8");
    let output = program.output().unwrap();
    assert!(output.status.code().is_some_and(|code| code < 3), "{output:?}");
    assert!(!output.stdout.is_empty());
    output.stdout
}

#[test]
fn every_format_has_the_same_bytes_with_any_number_of_threads() {
    let folder = tree();
    for format in Format::all() {
        let arguments = ["check", "--format", format.name()];
        let one = said(folder.path(), "1", &arguments);
        for threads in ["1", "2"] {
            assert!(said(folder.path(), threads, &arguments) == one, "{} with {threads} threads", format.name());
        }
    }
}

#[test]
fn fixes_are_the_same_with_any_number_of_threads() {
    let folder = tree();
    let arguments = ["fix", "--unsafe", "--diff"];
    let one = said(folder.path(), "1", &arguments);
    assert!(said(folder.path(), "2", &arguments) == one && said(folder.path(), "2", &arguments) == one);
}
