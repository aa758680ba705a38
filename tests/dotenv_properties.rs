//! What holds for every text the env-file front end can meet (`properties/dotenv.rs`), on random rows of what the grammar
//! treats in special ways.

mod properties;

use proptest::prelude::*;

const PIECES: &[&str] = &[
    "A",
    "b",
    "_",
    ".",
    "-",
    "9",
    "=",
    "=",
    ":",
    ": ",
    "#",
    " #",
    "'",
    "\"",
    "`",
    "\\",
    "\\'",
    "\\\"",
    "\\`",
    "\\n",
    "\\r",
    " ",
    "\t",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "\u{2028}",
    "\u{2029}",
    "\u{a0}",
    "\u{85}",
    "\u{feff}",
    "\u{200b}",
    "export ",
    "export",
    "$",
    "${X}",
    "$(",
    "é",
    "🔑",
    "\nK=",
    "\nL=",
    "\nM=\"",
    "\nN='",
    "\nO=`",
    "__proto__",
    ";",
    "“",
];

fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat());
    prop_oneof![8 => pieces, 1 => any::<String>(), 1 => "([A-Z]{1,3}=[ -~]{0,12}\r?\n){0,6}"]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4000) })]

    #[test]
    fn the_front_end_keeps_its_word(text in texts()) {
        properties::dotenv::check(text.as_bytes());
    }
}
