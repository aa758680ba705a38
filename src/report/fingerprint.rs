//! Names for findings that survive edits elsewhere in the file. No line, column or value enters.

use std::collections::HashMap;

use super::redacted::{FindingView, Redacted};

/// One fingerprint per finding, in their order: 16 hexadecimal digits.
///
/// FNV-1a (64 bits, offset basis `cbf29ce484222325`, prime `100000001b3`) over UTF-8: rule id, path of the file with `/`
/// as separator, pointer (or config path, or the name of the variable), and the ordinal (from 0) among the findings that
/// agree in all three; each followed by a zero byte.
#[must_use]
pub fn fingerprints(report: &Redacted<'_>) -> Vec<String> {
    let mut seen: HashMap<u64, u64> = HashMap::new();
    let one = |finding: &FindingView| {
        let hash = identity(finding);
        let ordinal = seen.entry(hash).or_default();
        let print = feed(hash, &ordinal.to_string());
        *ordinal += 1;
        format!("{print:016x}")
    };
    report.findings.iter().map(one).collect()
}

fn identity(finding: &FindingView) -> u64 {
    let name = finding.pointer.as_ref().or(finding.config_path.as_ref()).or(finding.env_key.as_ref());
    let path = finding.place.path.exact().replace('\\', "/");
    let parts = [finding.rule.exact(), &path, name.map_or("", |name| name.exact())];
    parts.into_iter().fold(0xcbf2_9ce4_8422_2325, feed)
}

fn feed(hash: u64, part: &str) -> u64 {
    let bytes = part.bytes().chain(std::iter::once(0));
    bytes.fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
