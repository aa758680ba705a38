//! The command line, case by case: each file under `tests/cli/` is a command with its output and exit code.
//! `TRYCMD=overwrite cargo test --test cli` writes what is printed now; read the difference.

#[test]
fn command_line_cases() {
    let cases = trycmd::TestCases::new();
    cases.env("NO_COLOR", "1").env("LC_ALL", "C.UTF-8");
    cases.case("tests/cli/*.toml").case("tests/cli/*.md");
}

#[test]
fn command_line_cases_in_chinese() {
    let cases = trycmd::TestCases::new();
    cases.env("NO_COLOR", "1").env("LC_ALL", "zh_CN.UTF-8");
    cases.case("tests/cli/locale/zh-CN.md");
}
