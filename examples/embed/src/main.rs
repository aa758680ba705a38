//! A service that takes configurations of its users and says what is wrong with them, before it starts a gateway with one.

use openclaw_lint::Linter;
use openclaw_lint::finding::Severity;

/// What keeps a gateway from starting with a configuration, a line each. `now`: seconds since 1970.
fn refusals(config: &str, variables: &[(&str, &str)], now: i64) -> Vec<String> {
    let linter = Linter::new().file("openclaw.json", config).environment(variables.iter().copied()).now(now);
    let report = linter.lint();
    let findings = report.redacted().findings;
    let severe = findings.iter().filter(|finding| finding.severity == Severity::Error);
    severe.map(|finding| format!("line {}: {}", finding.place.start.line, finding.message)).collect()
}

fn main() {
    let config = r#"{
  gateway: { mode: "local", prot: 18789, auth: { mode: "token", token: "${GATEWAY_TOKEN}" } },
}"#;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |passed| passed.as_secs());
    for line in refusals(config, &[("GATEWAY_TOKEN", "a-token-of-the-laboratory")], now.cast_signed()) {
        println!("{line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use openclaw_lint::report::{Format, Options, render};

    #[test]
    fn a_misspelt_key_is_refused_where_it_stands() {
        let config = "{\n  gateway: { mode: \"local\", prot: 18789 },\n}";
        let lines = refusals(config, &[], 0);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].starts_with("line 2: ") && lines[0].contains("`prot`"), "{lines:?}");
    }

    #[test]
    fn a_good_configuration_is_not() {
        let config = "{ gateway: { mode: \"local\", auth: { mode: \"token\", token: \"${GATEWAY_TOKEN}\" } } }";
        assert!(refusals(config, &[("GATEWAY_TOKEN", "a-token-of-the-laboratory")], 0).is_empty());
    }

    /// `{"alg":"RS256","typ":"JWT"}` and `{"exp":1700000000}`: a token of November 2023, and no secret.
    const TOKEN: &str = concat!(
        "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.",
        "eyJleHAiOjE3MDAwMDAwMDB9.",
        "c2lnbmF0dXJlLW9mLW5vYm9keS1hbmQtb2Ytbm90aGluZw",
    );

    #[test]
    fn the_clock_is_that_of_the_caller() {
        let linter = Linter::new().file(".env", format!("AZURE_OPENAI_API_KEY={TOKEN}\n"));
        let has_expired = |now: i64| {
            let report = linter.clone().now(now).lint();
            report.findings.iter().any(|finding| finding.rule == "credentials/jwt-expired")
        };
        assert!(has_expired(1_800_000_000) && !has_expired(1_600_000_000));
    }

    #[test]
    fn every_format_is_there_and_none_shows_a_credential() {
        let linter = Linter::new().file("openclaw.json", format!("{{ gatway: {{ auth: {{ token: \"{TOKEN}\" }} }} }}"));
        let report = linter.lint();
        for format in [Format::Full, Format::Json, Format::Sarif, Format::Html] {
            let text = render(format, &report, &Options::default());
            assert!(text.contains("gatway") && !text.contains(TOKEN), "{text}");
        }
    }
}
