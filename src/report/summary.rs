//! The last line of the formats for people. Counts enter, a sentence leaves.

use super::Totals;
use crate::finding::Severity;
use crate::language::{Language, Param, Phrase};

/// `3 errors, 1 warning in 4 files; 1 file would be refused, 2 migrated`, without a line break.
pub(super) fn summary(totals: &Totals, language: Language) -> String {
    let severities = [Severity::Error, Severity::Warning, Severity::Info];
    let counts = severities.into_iter().filter_map(|severity| some(totals.count(severity), severity));
    let counts: Vec<Phrase> = counts.collect();
    let place = files(totals.files);
    let findings = match (counts.is_empty(), totals.files) {
        (true, 0) => return language.say(&Phrase::new("no files to check")),
        (true, _) => Phrase::new("no findings in {files}").with("files", place),
        (false, _) => {
            Phrase::new("{findings} in {files}").with("findings", Param::list(counts, ", ")).with("files", place)
        }
    };
    let refused = |count| Phrase::new("{files} would be refused").with("files", files(count));
    let fates = match (totals.refused, totals.migrated) {
        (0, 0) => return language.say(&findings),
        (refusals, 0) => refused(refusals),
        (0, migrations) => Phrase::new("{files} would be migrated").with("files", files(migrations)),
        (refusals, migrations) => {
            let phrase = Phrase::new("{refused}, {count} migrated").with("refused", refused(refusals));
            phrase.with("count", migrations)
        }
    };
    language.say(&Phrase::new("{findings}; {fates}").with("findings", findings).with("fates", fates))
}

/// `2 errors`; nothing for none.
fn some(count: usize, severity: Severity) -> Option<Phrase> {
    let (one, many) = match severity {
        Severity::Error => ("1 error", "{count} errors"),
        Severity::Warning => ("1 warning", "{count} warnings"),
        Severity::Info => ("1 info", "{count} infos"),
    };
    (count > 0).then(|| Phrase::count(count, one, many))
}

/// `1 file`, `2 files`.
pub(super) fn files(count: usize) -> Phrase {
    Phrase::count(count, "1 file", "{count} files")
}
