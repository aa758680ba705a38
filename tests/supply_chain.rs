//! What the built program can do at all, and what it is made of.
#![allow(clippy::unwrap_used, reason = "what cannot be prepared fails the test")]

use std::collections::BTreeSet;
use std::fs;

use object::{Object as _, ObjectSymbol as _};

/// Functions of the C library without which no program reaches another machine.
const NETWORK: &[&str] = &[
    "accept",
    "accept4",
    "bind",
    "connect",
    "getaddrinfo",
    "gethostbyname",
    "getnameinfo",
    "listen",
    "recvfrom",
    "res_init",
    "sendto",
    "socket",
];

#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn the_program_cannot_open_a_connection() {
    let program = fs::read(env!("CARGO_BIN_EXE_openclaw-lint")).unwrap();
    let program = object::File::parse(&*program).unwrap();
    let called: BTreeSet<&str> = program
        .dynamic_symbols()
        .filter(|symbol| symbol.is_undefined())
        .filter_map(|symbol| symbol.name().ok())
        .collect();
    // What every program calls is found: else nothing would be.
    assert!(called.contains("read") && called.contains("write"), "{called:?}");
    let network: Vec<&&str> = NETWORK.iter().filter(|name| called.contains(**name)).collect();
    assert!(network.is_empty(), "the program calls {network:?}");
}

#[test]
fn each_dependency_is_accounted_for() {
    let manifest: toml::Table = toml::from_str(&fs::read_to_string("Cargo.toml").unwrap()).unwrap();
    let documentation = fs::read_to_string("docs/dependencies.md").unwrap();
    let tables = ["dependencies", "dev-dependencies", "build-dependencies"];
    let mut names: BTreeSet<&String> =
        tables.iter().filter_map(|table| manifest.get(*table)?.as_table()).flat_map(toml::Table::keys).collect();
    let of_targets = manifest["target"].as_table().unwrap().values();
    names.extend(of_targets.filter_map(|target| target.get("dependencies")?.as_table()).flat_map(toml::Table::keys));
    assert!(names.len() > 30);
    for name in names {
        assert!(documentation.contains(&format!("`{name}`")), "docs/dependencies.md does not say what {name} is for");
    }
}
