//! `bench-hostile`: large and hostile files. How long an ordinary config of ten megabytes takes beside `serde_json` on the
//! same JSON, taking turns; and how long whole runs over files made to hurt take, with their peak memory.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use openclaw_lint::Linter;

use crate::Result;

/// Bytes of the ordinary config.
const LARGE: usize = 10 << 20;

/// Measures and prints two tables in Markdown.
pub(crate) fn run(program: &Path, rounds: usize) -> Result<()> {
    // It is run in other folders.
    let program = &std::fs::canonicalize(program)?;
    let json = ordinary(LARGE);
    let serde = large(&json, rounds)?;
    let folder = std::env::temp_dir().join(format!("openclaw-lint-hostile-{}", std::process::id()));
    println!(
        "\n| file | size | command | time | × serde_json | peak memory |\n| --- | ---: | --- | ---: | ---: | ---: |"
    );
    let cases = cases(&json);
    for (name, files, commands) in &cases {
        let place = folder.join(name.replace(' ', "-"));
        for (file, text) in files {
            let file = place.join(file);
            std::fs::create_dir_all(file.parent().unwrap_or(&place))?;
            std::fs::write(file, text)?;
        }
        let size: usize = files.iter().map(|(_, text)| text.len()).sum();
        for command in *commands {
            let (time, peak) = measure(program, command, &place)?;
            println!(
                "| {name} | {:.1} MB | `{command}` | {:.2} s | {:.0} | {:.0} MB |",
                size as f64 / 1e6,
                time.as_secs_f64(),
                time.as_secs_f64() / serde.as_secs_f64().max(f64::EPSILON),
                peak as f64 / 1e3
            );
        }
        std::fs::remove_dir_all(&place)?;
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

/// Parsing and checking beside `serde_json`, in this process. Answers with the latter's median.
fn large(json: &str, rounds: usize) -> Result<Duration> {
    let (mut serde, mut tree, mut checked) = (Vec::new(), Vec::new(), Vec::new());
    let mut findings = 0;
    for _ in 0..rounds.max(1) {
        let start = Instant::now();
        let value: serde_json::Value = serde_json::from_str(json)?;
        serde.push(start.elapsed());
        drop(value);
        let start = Instant::now();
        let document = openclaw_lint::syntax::json5::parse(json, &openclaw_lint::syntax::json5::Options::default());
        tree.push(start.elapsed());
        drop(document);
        let linter = Linter::new().file("openclaw.json", json);
        let start = Instant::now();
        let report = linter.lint();
        checked.push(start.elapsed());
        findings = report.findings.len();
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default()
    };
    let (serde, tree, checked) = (median(&mut serde), median(&mut tree), median(&mut checked));
    println!("An ordinary config of {:.1} MB, {findings} findings:\n", json.len() as f64 / 1e6);
    println!("| what | median | × serde_json |\n| --- | ---: | ---: |");
    for (name, time) in [("`serde_json` into a `Value`", serde), ("the JSON5 tree", tree), ("parse and check", checked)]
    {
        let milliseconds = time.as_secs_f64() * 1e3;
        println!("| {name} | {milliseconds:.0} ms | {:.2} |", time.as_secs_f64() / serde.as_secs_f64());
    }
    Ok(serde)
}

/// Providers and models as people write them, without a mistake.
fn ordinary(bytes: usize) -> String {
    let mut out = String::from("{\n \"models\": {\n  \"providers\": {");
    let mut number = 0;
    while out.len() < bytes {
        let comma = if number > 0 { "," } else { "" };
        let _ = write!(
            out,
            "{comma}\n   \"provider-{number}\": {{\n    \"baseUrl\": \"https://llm-{number}.example.com/v1\",\n    \
             \"api\": \"openai-completions\",\n    \"apiKey\": \"${{PROVIDER_KEY}}\",\n    \"models\": ["
        );
        for model in 0..4 {
            let comma = if model > 0 { "," } else { "" };
            let _ = write!(
                out,
                "{comma}\n     {{\n      \"id\": \"model-{number}-{model}\",\n      \"name\": \"Model {number} {model}\",\n      \
                 \"contextWindow\": 128000,\n      \"maxTokens\": 8192,\n      \"reasoning\": false,\n      \
                 \"input\": [\"text\", \"image\"],\n      \
                 \"cost\": {{ \"input\": 0.5, \"output\": 1.5, \"cacheRead\": 0, \"cacheWrite\": 0 }}\n     }}"
            );
        }
        out.push_str("\n    ]\n   }");
        number += 1;
    }
    out.push_str("\n  }\n }\n}\n");
    out
}

type Case = (&'static str, Vec<(String, String)>, &'static [&'static str]);

const FORMATS: &[&str] = &[
    "check --format json",
    "check --format jsonl",
    "check --format sarif",
    "check --format concise",
    "check --format full",
    "check --format github",
    "check --format gitlab",
    "check --format junit",
    "check --format html",
    "fix --dry-run",
    "fix --diff",
    "fix --unsafe --diff",
    "upgrade --from 2026.2.26",
];

const CHECK: &[&str] = &["check --format json"];

fn cases(json: &str) -> Vec<Case> {
    let one = |text: String| vec![("openclaw.json".to_owned(), text)];
    let repeat = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
    let object = |count: usize, line: &dyn Fn(usize) -> String| format!("{{\n{}}}\n", repeat(count, line));
    let brackets = |open: &str, close: &str, depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
    let bomb = |parts: usize, levels: usize| {
        let list = |level: usize| {
            let parts = vec![format!("\"./part{level}.json5\""); parts];
            format!("{{ $include: [{}] }}", parts.join(", "))
        };
        let mut files = one(list(0));
        files.extend((0..levels).map(|level| (format!("part{level}.json5"), list(level + 1))));
        files.push((format!("part{levels}.json5"), "{ gateway: { port: 18789 } }".to_owned()));
        files
    };
    let mut many = one(format!("{{ $include: [{}] }}", repeat(10_000, &|at| format!("\"./p/{at}.json5\", "))));
    many.extend((0..10_000).map(|at| (format!("p/{at}.json5"), format!("{{ key{at}: {at} }}"))));
    vec![
        ("ordinary", one(json.to_owned()), CHECK),
        ("100,000 unknown keys", one(object(100_000, &|at| format!("  key{at}: {at},\n"))), FORMATS),
        (
            "100,000 in one line of 10 MB",
            one(format!("{{{}}}", repeat(100_000, &|at| format!("key{at}:\"{:80}\",", "x")))),
            FORMATS,
        ),
        ("one key 100,000 times", one(object(100_000, &|_| "  gateway: {},\n".to_owned())), CHECK),
        ("50,000 keys twice", one(object(50_000, &|at| format!("  k{at}: 1,\n  k{at}: 2,\n"))), CHECK),
        ("1,000,000 brackets", one(brackets("[", "]", 1_000_000)), CHECK),
        ("1,000,000 objects", one(brackets("{a:", "}", 1_000_000)), CHECK),
        ("an exponential include", bomb(10, 9), CHECK),
        ("10,000 includes", many, CHECK),
        (
            "50,000 comments that silence",
            one(object(50_000, &|at| {
                format!("  // openclaw-lint-ignore schema/unknown-key: note {at}\n  key{at}: 1,\n")
            })),
            CHECK,
        ),
        (
            "5,000,000 numbers where text belongs",
            one(format!("{{ tools: {{ allow: [{}] }} }}", "0,".repeat(5_000_000))),
            CHECK,
        ),
        (
            "a key of 5 MB over 20,000 unknown ones",
            one(format!(
                "{{ models: {{ providers: {{ {}: {} }} }} }}",
                "k".repeat(5_000_000),
                object(20_000, &|at| format!("  key{at}: {at},\n"))
            )),
            CHECK,
        ),
        (
            "an env file of 100,000 mistakes",
            vec![(".env".to_owned(), repeat(50_000, &|at| format!("bad line {at}\nKEY{at}=a\nKEY{at}=b\n")))],
            CHECK,
        ),
    ]
}

/// Runs a command on a folder; its time, and the most memory that it held, in kilobytes.
fn measure(program: &Path, command: &str, folder: &PathBuf) -> Result<(Duration, u64)> {
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(command.split(' '))
        .arg("openclaw.json")
        .args(std::fs::exists(folder.join(".env"))?.then_some(".env"))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait()?.is_none() {
        // The high-water mark only rises: the last one seen is that of the run.
        peak = peak.max(std::fs::read_to_string(&status).map(|text| high_water(&text)).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok((start.elapsed(), peak))
}

fn high_water(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
