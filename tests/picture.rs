//! The picture in the README is what the program prints. `SNAPSHOTS=overwrite cargo test --test picture` draws it anew.

use std::process::Command;

#[test]
fn the_picture_in_the_readme_is_what_a_terminal_shows() {
    // A copy outside of the repository: what git tracks is not the same for everybody who builds this.
    let folder = tempfile::tempdir().expect("a folder");
    let examples = folder.path().join("examples");
    std::fs::create_dir(&examples).expect("a folder in it");
    for entry in std::fs::read_dir("examples").expect("the examples") {
        let entry = entry.expect("an example");
        // Programs that use the library are no configs.
        if entry.path().is_dir() {
            continue;
        }
        std::fs::copy(entry.path(), examples.join(entry.file_name())).expect("copied");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_openclaw-lint"))
        .args(["check", "examples", "--color", "always", "--width", "100"])
        .current_dir(folder.path())
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    snapbox::assert_data_eq!(text, snapbox::file!["../docs/check.term.svg": TermSvg].raw());
}
