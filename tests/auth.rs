//! The authentication report: every status, the layers, and not one character of a credential.

use std::collections::BTreeMap;
use std::path::PathBuf;

use openclaw_lint::check::{self, Content, Input, Settings};
use openclaw_lint::credentials::{synthetic, table};
use openclaw_lint::discover;
use openclaw_lint::host::MemoryHost;
use openclaw_lint::report::{AuthOptions, AuthReport, auth_report};
use openclaw_lint::rules::Catalog;
use openclaw_lint::schema::Store;

/// 2026-11-18
const NOW: i64 = 1_795_000_000;

fn key(provider: &str, seed: u64) -> String {
    synthetic::key(&table().provider(provider).unwrap().formats()[0], seed)
}

fn report(files: &[(&str, String)], process_env: Option<BTreeMap<String, String>>, redact_paths: bool) -> AuthReport {
    let mut host = MemoryHost::new("/home/ada/claw");
    host.now = NOW;
    let inputs = files.iter().map(|(name, text)| Input {
        path: PathBuf::from(name),
        shown: format!("/home/ada/claw/{name}"),
        info: discover::classify_explicit(name.rsplit('/').next().unwrap()),
        content: Content::Bytes(text.clone().into_bytes()),
        context: false,
    });
    let settings = Settings { now: NOW, process_env, ..Settings::new(Store::bundled().latest().unwrap()) };
    let (report, credentials) = check::audit(inputs.collect(), &settings, Catalog::bundled(), &host);
    auth_report(&report, &credentials, AuthOptions { now: NOW, redact_paths, home: Some("/home/ada") })
}

fn status(report: &AuthReport, provider: &str) -> &'static str {
    report.providers.iter().find(|found| found.provider == provider).map_or("not listed", |found| found.status)
}

fn variable(report: &AuthReport, name: &str) -> &'static str {
    report.variables.iter().find(|found| found.name == name).map_or("not listed", |found| found.status)
}

#[test]
fn every_status_is_told() {
    let expired = "eyJhbGciOiJSUzI1NiJ9.eyJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMzYwMH0.c2lnbmF0dXJlLW9mLW5vdGhpbmc";
    let env = format!(
        "OPENAI_API_KEY={}\nGROQ_API_KEY=your-api-key-here\nXAI_API_KEY=\nAZURE_OPENAI_API_KEY={expired}\nGEMINI_API_KEY={}\n",
        key("openai", 1),
        &key("google", 2)[..20],
    );
    let gateway = format!("OPENAI_API_KEY={}\n", key("openai", 3));
    let config = "{ gateway: { mode: 'local' }, models: { providers: { \
        mistral: { baseUrl: 'https://api.mistral.ai/v1', models: [] }, \
        anthropic: { baseUrl: 'https://api.anthropic.com', apiKey: '${ANTHROPIC_API_KEY}', models: [] } } } }";
    let found = report(&[(".env", env), ("gateway.env", gateway), ("openclaw.json", config.to_owned())], None, false);
    let expected = [
        ("openai", "shadowed"),
        ("groq", "placeholder"),
        ("xai", "missing"),
        ("microsoft-foundry", "expired"),
        ("google", "invalid_format"),
        ("mistral", "missing"),
        ("anthropic", "missing"),
    ];
    for (provider, wanted) in expected {
        assert_eq!(status(&found, provider), wanted, "{provider}");
    }
    let expected = [
        ("OPENAI_API_KEY", "set"),
        ("GROQ_API_KEY", "placeholder"),
        ("XAI_API_KEY", "empty"),
        ("ANTHROPIC_API_KEY", "unset"),
        ("GEMINI_API_KEY", "invalid_format"),
    ];
    for (name, wanted) in expected {
        assert_eq!(variable(&found, name), wanted, "{name}");
    }
    assert!(found.has_trouble());
}

#[test]
fn the_process_goes_before_the_files_when_it_counts() {
    let files = [(".env", format!("GROQ_API_KEY={}\n", key("groq", 1)))];
    let process = BTreeMap::from([("GROQ_API_KEY".to_owned(), key("groq", 2))]);
    let found = report(&files, Some(process), false);
    let groq = found.providers.iter().find(|found| found.provider == "groq").unwrap();
    assert_eq!(groq.source.as_ref().unwrap().layer, "process");
    assert_eq!(status(&report(&files, None, false), "groq"), "configured");
    assert_eq!(status(&found, "anthropic"), "not_configured");
}

#[test]
fn variables_that_nobody_reads_are_ignored() {
    let env = format!("AZURE_OPENAI_KEY={}\nOPENAI_API_KEY={}\n", key("openai", 1), key("openai", 2));
    let found = report(&[(".env", env)], None, false);
    assert_eq!(variable(&found, "AZURE_OPENAI_KEY"), "ignored");
    assert_eq!(variable(&found, "OPENAI_API_KEY"), "set");
    // The folder around a state folder is the one in which OpenClaw is started.
    let files = [
        (".env", format!("OPENAI_API_KEY={}\n", key("openai", 1))),
        (".openclaw/openclaw.json", "{ gateway: { mode: 'local' } }".to_owned()),
    ];
    let found = report(&files, None, false);
    assert_eq!((variable(&found, "OPENAI_API_KEY"), status(&found, "openai")), ("ignored", "not_configured"));
}

#[test]
fn the_services_variables_count_for_the_state_folder() {
    let config = "{ models: { providers: { groq: { apiKey: '${GROQ_API_KEY}', baseUrl: 'https://api.groq.com/openai/v1', models: [] } } } }";
    let files = |own: &str| {
        [
            ("h/.openclaw/openclaw.json", config.to_owned()),
            ("h/.openclaw/.env", own.to_owned()),
            ("h/.config/openclaw/gateway.env", format!("GROQ_API_KEY={}\n", key("groq", 1))),
        ]
    };
    assert_eq!(status(&report(&files("A=1\n"), None, false), "groq"), "configured");
    let emptied = report(&files("GROQ_API_KEY=\n"), None, false);
    assert_eq!(variable(&emptied, "GROQ_API_KEY"), "empty");
}

#[test]
fn keys_to_rotate_through_are_not_hidden_ones_and_short_ones_are_no_placeholders() {
    let env =
        format!("OPENAI_API_KEY={}\nOPENAI_API_KEY_OLD={}\nXAI_API_KEY=xai-q7Rz\n", key("openai", 1), key("openai", 2));
    let found = report(&[(".env", env)], None, false);
    let openai = found.providers.iter().find(|found| found.provider == "openai").unwrap();
    assert_eq!((openai.status, openai.shadowed.len()), ("configured", 0));
    assert_eq!((status(&found, "xai"), variable(&found, "XAI_API_KEY")), ("invalid_format", "invalid_format"));
}

#[test]
fn a_provider_of_ones_own_and_the_guides_azure_have_their_names_and_commands() {
    let config = "{ models: { providers: { corp: { apiKey: '${CORP_KEY}', baseUrl: 'https://llm.corp.example/v1', models: [] } } } }";
    let files = [(".env", "CORP_KEY=8dQx2LzR7uVbN4mT1sKe\n".to_owned()), ("openclaw.json", config.to_owned())];
    assert_eq!(status(&report(&files, None, false), "corp"), "configured");
    let config = format!(
        "{{ secrets: {{ azure: {{ apiKey: '{}', apiBase: 'https://contoso.openai.azure.com/', apiVersion: '2024-10-21', deployment: 'x' }} }} }}",
        key("microsoft-foundry", 3)
    );
    let found = report(&[("openclaw.json", config)], None, false);
    let azure = found.providers.iter().find(|found| found.provider == "microsoft-foundry").unwrap();
    let verify = azure.verify.as_deref().unwrap();
    assert!(
        verify.contains("\"https://contoso.openai.azure.com/openai/v1/models\"")
            && verify.contains("$AZURE_OPENAI_KEY\""),
        "{verify}"
    );
}

#[test]
fn the_guide_layout_has_its_own_names() {
    let config = format!("{{ secrets: {{ anthropic: {{ apiKey: '{}' }}, openai: {{}} }} }}", key("anthropic", 5));
    let found = report(&[("openclaw.json", config)], None, false);
    assert_eq!(status(&found, "anthropic"), "configured");
    assert_eq!(status(&found, "openai"), "missing");
}

#[test]
fn no_credential_and_no_account_name_is_in_it() {
    let mut secrets = Vec::new();
    let mut env = String::new();
    for (seed, provider) in table().providers().iter().filter(|provider| provider.has_formats()).enumerate() {
        let Some(name) = provider.env.first() else { continue };
        let secret = synthetic::key(&provider.formats()[0], seed as u64);
        env.push_str(&format!("{name}={secret}\n"));
        secrets.push(secret);
    }
    let config = format!("{{ channels: {{ telegram: {{ botToken: '{}' }} }} }}", secrets[0]);
    let found = report(&[(".env", env), ("openclaw.json", config)], None, true);
    for text in [found.to_json(), found.to_text(80)] {
        for secret in &secrets {
            assert!(!text.contains(&secret[secret.len() / 3..]), "a credential is in the report");
        }
        assert!(!text.contains("/ada"), "an account name is in the report");
        assert!(text.contains("~/claw/.env"));
    }
    assert!(secrets.len() > 30);
}

/// Minified configs have all providers in one line.
#[test]
fn each_provider_of_a_long_line_has_its_own_problems_only() {
    const PROVIDERS: usize = 600;
    let provider = |at: usize| {
        format!(r#""p{at}":{{"baseUrl":"https://p{at}.test/v1","apiKey":"your-api-key-here","models":[]}}"#)
    };
    let providers: Vec<String> = (0..PROVIDERS).map(provider).collect();
    let config = format!(r#"{{"models":{{"providers":{{{}}}}}}}"#, providers.join(","));
    let report = report(&[("openclaw.json", config)], None, false);
    let found: Vec<_> = report.providers.iter().filter(|provider| provider.status == "placeholder").collect();
    assert_eq!(found.len(), PROVIDERS);
    for provider in found {
        assert_eq!(provider.problems.len(), 1, "{}", provider.provider);
        let problem = serde_json::to_string(&provider.problems).unwrap();
        assert!(problem.contains(&format!("providers.{}.apiKey", provider.provider)), "{problem}");
    }
}
