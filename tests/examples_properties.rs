//! What holds for every input (`properties/`) holds for the examples of all rules, which between them make every kind of
//! finding.

mod properties;

use openclaw_lint::rules::Catalog;
use properties::bundle::Bundle;
use properties::{fix, lsp, project, suppress};
use proptest::prelude::*;
use rayon::prelude::*;

/// Each example as one text. Files that are no text stay out.
fn bundles() -> Vec<String> {
    let catalog = Catalog::bundled();
    let documentation = catalog.rules().filter_map(|rule| catalog.documentation(rule.id));
    let examples = documentation.flat_map(|docs| docs.examples.bad.iter().chain(&docs.examples.good));
    let bundle = |files: &std::collections::BTreeMap<String, String>| {
        let texts = files.iter().filter(|(name, text)| !name.starts_with(".git") && !is_special(text));
        texts.map(|(name, text)| format!("--- {name}\n{}\n", text.replace(['«', '»'], ""))).collect::<String>()
    };
    examples.map(|example| bundle(&example.files)).filter(|bundle| !bundle.is_empty()).collect()
}

fn is_special(text: &str) -> bool {
    text.starts_with("@{bytes.") || text.starts_with("@{problem.")
}

#[test]
fn reports_do_not_depend_on_the_order_of_files() {
    bundles().par_iter().for_each(|bundle| project::check(bundle.as_bytes()));
}

#[test]
fn a_comment_silences_its_rule_at_its_place_and_nothing_else() {
    let silenced: usize = bundles().par_iter().map(|text| every_finding_silenced(text)).sum();
    assert!(silenced > 400, "{silenced} findings");
}

fn every_finding_silenced(text: &str) -> usize {
    let bundle = Bundle::read(text.as_bytes());
    let report = bundle.lint();
    for finding in report.findings.iter().filter(|finding| finding.rule != "lint/suppression") {
        suppress::silenced(&bundle, &report, finding, false);
        suppress::silenced(&bundle, &report, finding, true);
    }
    report.findings.len()
}

#[test]
fn fixes_leave_what_can_be_read_and_are_done_once() {
    bundles().par_iter().for_each(|bundle| fix::check(bundle.as_bytes()));
}

/// An editor that opens everything and asks for everything.
#[test]
fn the_server_answers_everything_and_shows_no_key() {
    let asked = |bundle: &String| {
        let mut script = String::from("--- script\n");
        let read = Bundle::read(bundle.as_bytes());
        read.files.iter().for_each(|(name, _)| script.push_str(&format!("open {name}\n")));
        for (name, text) in &read.files {
            for verb in ["diagnose", "symbol", "fold", "link"] {
                script.push_str(&format!("{verb} {name}\n"));
            }
            let lines = text.lines().count();
            script.push_str(&format!("act {name} 0:0-{lines}:0\nmend {name}\n"));
            for place in ["a", "b", "c", "d"] {
                script.push_str(&format!("hover {name} {place}\ncomplete {name} {place}\ndefine {name} {place}\n"));
            }
        }
        for client in ["pull resolve nested utf-8", "utf-16 snippet"] {
            let settings = format!("--- settings\nclient {client}\n");
            lsp::check(format!("{bundle}{settings}{script}").as_bytes());
        }
    };
    bundles().par_iter().for_each(asked);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    /// Bytes choose the parts of a rule of one's own.
    #[test]
    fn any_pack_is_survived(bytes in prop::collection::vec(any::<u8>(), 0..900)) {
        properties::packs::check(&bytes);
    }
}
