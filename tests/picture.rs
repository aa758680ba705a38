//! The picture in the README is what the program prints. `SNAPSHOTS=overwrite cargo test --test picture` draws it anew.

use std::process::Command;

#[test]
fn the_picture_in_the_readme_is_what_a_terminal_shows() {
    let output = Command::new(env!("CARGO_BIN_EXE_openclaw-lint"))
        .args(["check", "examples", "--color", "always", "--width", "100"])
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    snapbox::assert_data_eq!(text, snapbox::file!["../docs/check.term.svg": TermSvg].raw());
}
