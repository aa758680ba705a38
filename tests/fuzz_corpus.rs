//! The inputs that are kept for the fuzz targets (`fuzz/corpus`), and all that a fuzzer has found, as ordinary tests.

mod properties;

use std::path::Path;

use properties::CHECKS;

#[test]
fn every_kept_input_keeps_its_word() {
    for (name, check) in CHECKS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
        let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(files.len() > 2, "{name} has inputs");
        for file in files {
            check(&std::fs::read(file).unwrap());
        }
    }
}
