//! JUnit's XML, for pages with test results: a file is a suite, a finding is a test. What makes the run fail is a test that
//! failed; a milder finding is one that was skipped, with its words; a file without findings is one that passed. So a page
//! shows a failure exactly when the run has failed.
//!
//! Only elements and attributes that all readers know are used (the shape of `jenkins-junit.xsd`), and no times, because a
//! report repeats itself byte by byte.

use std::collections::HashMap;
use std::fmt::Write;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::{FindingView, Options, Redacted, TOOL, Text, fix_remark};
use crate::source::FileId;

pub(super) fn render(report: &Redacted<'_>, options: &Options<'_>) -> String {
    let suites = suites(report);
    let fails = |finding: &FindingView| options.fail_on.is_some_and(|mildest| finding.severity >= mildest);
    let mut page = Page { report, writer: Writer::new_with_indent(Vec::new(), b' ', 2) };
    page.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    let tests = suites.iter().map(|suite| suite.findings.len().max(1)).sum();
    let failures = report.findings.iter().filter(|finding| fails(finding)).count();
    page.open("testsuites", &[("name", TOOL.0), ("tests", &number(tests)), ("failures", &number(failures))]);
    for (id, suite) in suites.iter().enumerate() {
        let (count, failed) = (suite.findings.len(), suite.findings.iter().filter(|finding| fails(finding)).count());
        let attributes = [
            ("id", number(id)),
            ("name", legal(suite.path)),
            ("tests", number(count.max(1))),
            ("failures", number(failed)),
            ("errors", number(0)),
            ("skipped", number(count - failed)),
        ];
        page.open("testsuite", &attributes.each_ref().map(|(name, value)| (*name, value.as_str())));
        if count == 0 {
            let name = report.language.text("no findings");
            page.empty("testcase", &[("name", name), ("classname", &legal(suite.path))]);
        }
        let mut seen = HashMap::new();
        for finding in &suite.findings {
            let name = name(finding, &mut seen);
            page.open("testcase", &[("name", &name), ("classname", &legal(suite.path))]);
            page.outcome(finding, fails(finding));
            page.close("testcase");
        }
        page.close("testsuite");
    }
    page.close("testsuites");
    let mut xml = String::from_utf8(page.writer.into_inner()).unwrap_or_default();
    xml.push('\n');
    xml
}

/// The findings of a file.
struct Suite<'r> {
    path: &'r Text,
    findings: Vec<&'r FindingView>,
}

/// The linted files, then others that findings are about.
fn suites<'r>(report: &'r Redacted<'_>) -> Vec<Suite<'r>> {
    let mut suites: Vec<Suite<'r>> =
        report.files.iter().map(|file| Suite { path: &file.path, findings: Vec::new() }).collect();
    let mut index: HashMap<FileId, usize> = report.files.iter().enumerate().map(|(at, file)| (file.file, at)).collect();
    for finding in &report.findings {
        let at = *index.entry(finding.place.file).or_insert_with(|| {
            suites.push(Suite { path: &finding.place.path, findings: Vec::new() });
            suites.len() - 1
        });
        if let Some(suite) = suites.get_mut(at) {
            suite.findings.push(finding);
        }
    }
    suites
}

/// Rule and value: no line enters, so that a page can follow a test from run to run.
fn name(finding: &FindingView, seen: &mut HashMap<String, usize>) -> String {
    let mut name = legal(&finding.rule);
    let value = finding.pointer.as_ref().or(finding.config_path.as_ref()).or(finding.env_key.as_ref());
    if let Some(value) = value.filter(|value| !value.exact().is_empty()) {
        let _ = write!(name, " {}", legal(value));
    }
    let times = seen.entry(name.clone()).or_insert(0);
    *times += 1;
    if *times > 1 {
        let _ = write!(name, " ({times})");
    }
    name
}

fn number(number: usize) -> String {
    number.to_string()
}

/// What is shown never has a control character; two more are no characters of XML.
fn legal(text: &Text) -> String {
    text.shown(true).replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}")
}

struct Page<'r> {
    report: &'r Redacted<'r>,
    writer: Writer<Vec<u8>>,
}

impl Page<'_> {
    fn event(&mut self, event: Event<'_>) {
        // Writing to memory does not fail.
        let _ = self.writer.write_event(event);
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.event(Event::Start(BytesStart::new(name).with_attributes(attributes.iter().copied())));
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.event(Event::Empty(BytesStart::new(name).with_attributes(attributes.iter().copied())));
    }

    fn close(&mut self, name: &str) {
        self.event(Event::End(BytesEnd::new(name)));
    }

    fn outcome(&mut self, finding: &FindingView, failed: bool) {
        let message = legal(&finding.message);
        let words = self.words(finding);
        if failed {
            self.open("failure", &[("message", &message), ("type", finding.severity.name())]);
        } else {
            self.open("skipped", &[("message", &message)]);
        }
        self.event(Event::Text(BytesText::new(&words)));
        self.close(if failed { "failure" } else { "skipped" });
    }

    /// What a page shows when the test is opened.
    fn words(&self, finding: &FindingView) -> String {
        let (place, word) = (&finding.place, |english| self.report.language.text(english));
        let severity = word(finding.severity.name());
        let mut words = format!(
            "{}:{}:{}: {severity}[{}] {}",
            legal(&place.path),
            place.start.line,
            place.start.column,
            legal(&finding.rule),
            legal(&finding.message)
        );
        let mut field = |name, text: &str| {
            let _ = write!(words, "\n{}: {text}", word(name));
        };
        if let Some(help) = &finding.help {
            field("help", &legal(help));
        }
        if let Some(fix) = &finding.fix {
            let how = word(fix_remark(fix.safety));
            field("fix", &format!("{}{how}", legal(&fix.title)));
        }
        if let Some(url) = &finding.url {
            field("docs", &legal(url));
        }
        words
    }
}
