//! Judging from the outside: real shapes pass, mistakes are named, made-up text is told from keys.

use super::*;

/// Repeated, so that it is nobody's, and varied enough not to be a placeholder.
const BODY: &str = "Zq7Kp2Wd9Rt";

fn provider(id: &str) -> &'static Provider {
    table().provider(id).unwrap()
}

fn slot(id: &str) -> Slot<'static> {
    Slot { provider: Some(provider(id)), ..Slot::default() }
}

fn env(name: &'static str) -> Slot<'static> {
    Slot { env: Some(name), ..Slot::default() }
}

fn format(id: &str, prefix: &str) -> &'static KeyFormat {
    provider(id).formats().iter().find(|f| f.prefix == prefix).unwrap()
}

fn key(id: &str, prefix: &str) -> String {
    synthetic::key(format(id, prefix), 7)
}

fn formats() -> impl Iterator<Item = (&'static Provider, &'static KeyFormat)> {
    table().providers().iter().flat_map(|p| p.formats().iter().map(move |f| (p, f)))
}

/// Slots in which a format is at home: bare, then every variable.
fn homes(p: &'static Provider, f: &'static KeyFormat) -> Vec<Slot<'static>> {
    let kinds = [EnvKind::Credential, EnvKind::Chosen, EnvKind::Identifier];
    let names = match &f.slots {
        Some(slots) => slots.clone(),
        None => p
            .slots()
            .filter(|(_, kind)| kinds.contains(kind))
            .map(|(name, _)| name)
            .filter(|name| p.env.contains(name))
            .collect(),
    };
    let bare = Slot { provider: Some(p), ..Slot::default() };
    let known = |name: &&str| table().env_role(name).is_some();
    let variables = names.iter().copied().filter(known);
    let by_env: Vec<_> = variables.flat_map(|name| [env(name), Slot { env: Some(name), ..bare }]).collect();
    let by_key =
        p.config_slots.iter().filter(|(_, slot)| names.contains(slot)).map(|(key, _)| Slot { key: Some(key), ..bare });
    std::iter::once(bare).chain(by_env).chain(by_key).collect()
}

fn belongs_in(judgement: &Judgement) -> Vec<&'static str> {
    match judgement {
        Judgement::Foreign { belongs_in, .. } => belongs_in.clone(),
        other => panic!("{other:?}"),
    }
}

/// Random keys of each format. Unoptimised builds draw fewer: the whole run takes minutes there.
const KEYS: u64 = if cfg!(debug_assertions) { 60 } else { 1000 };

#[test]
fn random_keys_of_every_format_are_at_home_in_their_own_slots() {
    let mut keys = 0;
    for (p, f) in formats() {
        let homes = homes(p, f);
        for seed in 0..KEYS {
            let key = synthetic::key(f, seed);
            assert!(f.matches(&key), "{} {}", p.id, f.kind);
            keys += 1;
            // Every home for the first keys, then one after the other.
            let some = if seed < KEYS / 25 {
                0..homes.len()
            } else {
                (seed as usize % homes.len())..(seed as usize % homes.len() + 1)
            };
            for slot in &homes[some] {
                let verdict = judge(*slot, &key);
                let fine = match &verdict {
                    Judgement::Usable { .. } => true,
                    Judgement::Unusable { .. } => !f.usable && slot.env.is_none(),
                    Judgement::Unknown => {
                        p.self_hosted || slot.env.is_some_and(|name| !table().env_role(name).unwrap().kind.is_secret())
                    }
                    _ => false,
                };
                assert!(fine, "{} {} in {slot:?}: {verdict:?} for seed {seed} {key}", p.id, f.kind);
            }
        }
    }
    assert!(keys >= 100 * KEYS, "{keys}");
}

#[test]
fn no_random_value_counts_as_a_placeholder_in_a_slot_without_known_formats() {
    let shapes = [
        "^[a-f0-9]{32}$",
        "^[a-f0-9]{64}$",
        "^[A-Za-z0-9]{32}$",
        "^[A-Za-z0-9]{40}$",
        "^[A-Za-z0-9]{84}$",
        "^[A-Za-z0-9_-]{43}$",
        "^[A-Za-z0-9_-]{93}$",
        "^sk-[A-Za-z0-9_-]{48}$",
        "^[A-Za-z0-9+/]{171}=$",
        "^[a-z0-9]{26}$",
        "^ark-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$",
    ];
    for shape in shapes.map(|shape| shape::Shape::parse(shape).unwrap()) {
        for seed in 0..KEYS {
            let key = synthetic::from_shape(&shape, seed);
            for id in ["deepinfra", "volcengine", "openclaw-gateway"] {
                let verdict = judge(slot(id), &key);
                assert!(matches!(verdict, Judgement::Unknown | Judgement::Usable { .. }), "{id} {key} {verdict:?}");
            }
        }
    }
}

/// Texts people leave in place of a key.
const NOT_FILLED_IN: &[&str] = &[
    "YOUR_API_KEY",
    "your-api-key",
    "your_api_key_here",
    "your-api-key-here",
    "YOUR_KEY_HERE",
    "yourApiKey",
    "YourApiKeyHere",
    "yourapikey",
    "yourapikeyhere",
    "YOUR_KEY",
    "YOUR_TOKEN",
    "YOUR_BOT_TOKEN",
    "your bot token",
    "YOUR-ANTHROPIC-KEY",
    "YOUR_OPENAI_API_KEY",
    "your-openai-key",
    "your_secret",
    "your-own-key",
    "<your key>",
    "<YOUR_API_KEY>",
    "<api-key>",
    "<token>",
    "<insert key here>",
    "< key >",
    "[YOUR_KEY]",
    "[your api key]",
    "{your_key}",
    "{{KEY}}",
    "{{ANTHROPIC_API_KEY}}",
    "{{ .Values.apiKey }}",
    "${{ secrets.KEY }}",
    "${lower_case}",
    "${KEY:-default}",
    "$(cat key.txt)",
    "%OPENAI_API_KEY%",
    "@API_KEY@",
    "__API_KEY__",
    "#{api_key}",
    "((api-key))",
    "[[key]]",
    "sk-...",
    "sk-ant-...",
    "sk-ant-api03-...",
    "sk-proj-...",
    "gsk-...",
    "xai-...",
    "BSA...",
    "tvly-...",
    "AIza...",
    "sk-or-v1-...",
    "sk-abc...xyz",
    "sk-ant-\u{2026}",
    "...",
    "sk-\u{2026}",
    "xoxb-...",
    "sk-your-key-here",
    "sk-your-api-key",
    "sk-ant-your-key-here",
    "sk-ant-api03-your-key-here",
    "sk-proj-your-key",
    "sk-or-v1-your-key-here",
    "gsk_your_key_here",
    "xoxb-your-token",
    "xoxb-your-bot-token-here",
    "AIzaYOUR_KEY",
    "hf_your_token",
    "ghp_yourtoken",
    "sk-xxxxxxxx",
    "sk-ant-xxxxx",
    "xxxxx",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "XXXXXXXX",
    "sk-proj-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "sk-ant-api03-xxxxxxxxxxxx-xxxxxxxx",
    "xxxx-xxxx-xxxx",
    "00000000000000000000000000000000",
    "00000000-0000-0000-0000-000000000000",
    "aaaaaaaaaaaaaaaa",
    "11111111",
    "sk-0000000000000000",
    "****",
    "sk-****",
    "sk-ant-********",
    "\u{2022}\u{2022}\u{2022}\u{2022}",
    "********************",
    "changeme",
    "change-me",
    "CHANGE_ME",
    "ChangeMe",
    "please-change-me",
    "replace-me",
    "REPLACE_WITH_YOUR_KEY",
    "replace_this",
    "insert-key-here",
    "INSERT_API_KEY",
    "put-your-key-here",
    "paste your key here",
    "enter_your_api_key",
    "fill-in",
    "add-your-key",
    "todo",
    "TODO",
    "FIXME",
    "tbd",
    "placeholder",
    "PLACEHOLDER_KEY",
    "api-key-placeholder",
    "dummy",
    "dummy-key",
    "fake-key",
    "fake_api_key",
    "sample-key",
    "example",
    "example-key",
    "example-anthropic-key-not-real",
    "slack-bot-token-example",
    "sk-example",
    "test",
    "test-key",
    "sk-test",
    "test123",
    "testing",
    "none",
    "None",
    "null",
    "undefined",
    "n/a",
    "foo",
    "bar",
    "foobar",
    "my-api-key",
    "MY_KEY",
    "mykey",
    "my_secret_token",
    "secret",
    "password",
    "api_key",
    "apikey",
    "token",
    "key",
    "12345678",
    "1234567890",
    "0123456789abcdef",
    "sk-1234567890abcdef",
    "abcdefghijklmnop",
    "abc123",
    "abc123def456",
    "abc123def456ghi789",
    "qwertyuiop",
    "sk-abcdefghijklmnopqrstuvwxyz123456",
    "a1b2c3d4e5f6g7h8",
    "deadbeefdeadbeefdeadbeefdeadbeef",
    "sk-1234",
    "sk-abc",
    "x",
    "abc",
    "AKIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY",
    "123456:ABC-DEF1234ghIkl",
    "1234567890:ABCdefGHIjklMNOpqrs",
    "\u{4F60}\u{7684}\u{5BC6}\u{94A5}",
    "\u{4F60}\u{7684}API\u{5BC6}\u{94A5}",
    "\u{8BF7}\u{586B}\u{5199}",
    "\u{8BF7}\u{586B}\u{5199}\u{4F60}\u{7684}\u{5BC6}\u{94A5}",
    "sk-\u{4F60}\u{7684}\u{5BC6}\u{94A5}",
    "\u{66FF}\u{6362}\u{4E3A}\u{4F60}\u{7684}key",
    "\u{5728}\u{8FD9}\u{91CC}\u{586B}\u{5165}",
    "\u{3042}\u{306A}\u{305F}\u{306E}API\u{30AD}\u{30FC}",
    "\u{FF1C}\u{5BC6}\u{94A5}\u{FF1E}",
    "\u{3010}\u{5BC6}\u{94A5}\u{3011}",
    "YOUR_ACME_BOT_TOKEN",
    "YOUR_ACME2_BOT_TOKEN",
    "YOUR_LINE_CHANNEL_ACCESS_TOKEN",
    "your-qqbot-client-secret",
    "support_secret_zzz",
    "process.env.OPENAI_API_KEY",
    "os.environ['KEY']",
    "op://vault/openai/key",
    "file:/run/secrets/key",
    "env:OPENAI_API_KEY",
    "vault:secret/data/openai#key",
    "\"YOUR_API_KEY\"",
    "Bearer YOUR_TOKEN",
    "ANTHROPIC_API_KEY=your-key",
    "\u{201C}your key\u{201D}",
];

#[test]
fn texts_left_in_place_of_a_key_are_told() {
    assert!(NOT_FILLED_IN.len() >= 120);
    for value in NOT_FILLED_IN {
        for id in ["anthropic", "openai", "deepinfra"] {
            let verdict = judge(slot(id), value);
            assert!(matches!(verdict, Judgement::Placeholder(_)), "{id}: {value} is {verdict:?}");
        }
    }
}

#[test]
fn placeholders_that_have_the_format_are_told_too() {
    for value in [
        format!("sk-ant-api03-{}AA", "x".repeat(93)),
        format!("sk-proj-{}", "x".repeat(48)),
        "sk-proj-put-your-own-openai-project-key-in-this-very-place".to_owned(),
        format!("sk-{}", "1234567890".repeat(5).get(..48).unwrap()),
        "0123456789abcdef0123456789abcdef".to_owned(),
        format!("sk-ant-{}", "a".repeat(40)),
    ] {
        for id in ["anthropic", "openai", "microsoft-foundry"] {
            assert!(
                matches!(judge(slot(id), &value), Judgement::Placeholder(_)),
                "{id} {value} {:?}",
                judge(slot(id), &value)
            );
        }
    }
}

#[test]
fn local_servers_may_take_anything_that_is_no_template() {
    for value in [
        "none",
        "dummy",
        "x",
        "EMPTY",
        "not-needed",
        "sk-no-key-required",
        "lm-studio",
        "sk-1234",
        "test",
        "sk-xxxxxxxx",
        "fake",
        "no-key",
        "1234",
    ] {
        for slot in [
            slot("vllm"),
            slot("lmstudio"),
            slot("litellm"),
            Slot { foreign_endpoint: true, ..slot("openai") },
            env("VLLM_API_KEY"),
        ] {
            assert_eq!(judge(slot, value), Judgement::Unknown, "{value} {slot:?}");
        }
    }
    for value in ["<your key>", "{{KEY}}", "your-api-key", "changeme", "sk-..."] {
        assert!(matches!(judge(slot("vllm"), value), Judgement::Placeholder(_)), "{value}");
    }
}

#[test]
fn references_markers_and_sentinels_are_no_keys() {
    for value in ["${OPENAI_API_KEY}", "$OPENAI_API_KEY", " ${_X9} ", "Bearer ${TOKEN}", "sk-${PART}"] {
        assert_eq!(judge(slot("openai"), value), Judgement::Reference, "{value}");
    }
    for value in [
        "ollama-local",
        "secretref-managed",
        "secretref-env:OPENAI_API_KEY",
        "oauth:anthropic",
        "__entra_id_dynamic__",
        "ANTHROPIC_API_KEY",
        "AZURE_API_KEY",
    ] {
        assert_eq!(judge(slot("openai"), value), Judgement::Marker, "{value}");
    }
    for value in ["__OPENCLAW_REDACTED__", "REDACTED", "***", "<redacted>", " [REDACTED] ", "xoxb-REDACTED"] {
        assert_eq!(judge(slot("slack"), value), Judgement::Sentinel, "{value}");
    }
    assert_eq!(judge(env("OPENAI_API_KEY"), "OPENAI_API_KEY"), Judgement::Placeholder(PlaceholderReason::SelfName));
    assert_eq!(judge(slot("openai"), " \t"), Judgement::Empty);
}

#[test]
fn weak_gateway_secrets_are_known_by_name() {
    for value in ["change-me-now", "undefined", "change-me-to-a-strong-password"] {
        assert_eq!(
            judge(env("OPENCLAW_GATEWAY_TOKEN"), value),
            Judgement::Placeholder(PlaceholderReason::KnownWeak),
            "{value}"
        );
    }
    assert_eq!(
        judge(env("OPENCLAW_GATEWAY_PASSWORD"), "correct horse battery staple lamp"),
        Judgement::Usable { kind: "self-chosen secret" }
    );
    assert_eq!(judge(env("OPENCLAW_GATEWAY_TOKEN"), "short-but-mine"), Judgement::Unknown);
    assert!(matches!(judge(env("OPENCLAW_GATEWAY_TOKEN"), "test"), Judgement::Placeholder(_)));
}

#[test]
fn keys_of_other_owners_are_named_in_the_slots_of_anthropic_and_openai() {
    let body = BODY.repeat(6);
    let lower = BODY.to_ascii_lowercase().repeat(6);
    let hex = "7f3a9c52".repeat(16);
    let cut = |text: &str, length: usize| text.get(..length).unwrap().to_owned();
    let only_anthropic = [
        ("Anthropic", key("anthropic", "sk-ant-api")),
        ("Anthropic", key("anthropic", "sk-ant-oat")),
        ("Anthropic", key("anthropic", "sk-ant-admin")),
        ("Anthropic", key("anthropic", "sk-ant-ort")),
        ("Anthropic", key("anthropic", "sk-ant-sid")),
    ];
    let only_openai = [
        ("OpenAI", key("openai", "sk-proj-")),
        ("OpenAI", key("openai", "sk-svcacct-")),
        ("OpenAI", key("openai", "sk-service-")),
        ("OpenAI", key("openai", "sk-None-")),
        ("OpenAI", key("openai", "sk-admin-")),
        ("OpenAI", key("openai", "sk-")),
        ("OpenAI or Moonshot", key("moonshot", "sk-").replace(['-', '_'], "Q").replacen("skQ", "sk-", 1)),
    ];
    let both = [
        ("OpenRouter", key("openrouter", "sk-or-v1-")),
        ("Kimi Coding", key("kimi", "sk-kimi-")),
        ("MiniMax", key("minimax", "sk-api-")),
        ("MiniMax", key("minimax", "sk-cp-")),
        ("Qwen (DashScope)", key("qwen", "sk-sp-")),
        ("DeepSeek or Alibaba DashScope", key("deepseek", "sk-")),
        ("ElevenLabs", key("elevenlabs", "sk_")),
        ("Stripe", format!("sk_live_{}", cut(&body, 24))),
        ("Stripe", format!("sk_test_{}", cut(&body, 24))),
        ("Stripe", format!("rk_{}", cut(&body, 24))),
        ("Google Gemini", key("google", "AIza")),
        ("Google Gemini", key("google", "AQ.")),
        ("Google", format!("ya29.{body}")),
        ("Google", format!("1//0{body}")),
        ("Google", format!("GOCSPX-{}", cut(&body, 28))),
        ("xAI", key("xai", "xai-token-")),
        ("xAI", key("xai", "xai-")),
        ("Groq", key("groq", "gsk_")),
        ("Cerebras", key("cerebras", "csk-")),
        ("Perplexity", key("perplexity", "pplx-")),
        ("NVIDIA", key("nvidia", "nvapi-")),
        ("Together", key("together", "tgp_v1_")),
        ("Fireworks", key("fireworks", "fw_")),
        ("Fireworks", key("fireworks", "fpk_")),
        ("Hugging Face", key("huggingface", "hf_")),
        ("Replicate", format!("r8_{}", cut(&body, 37))),
        ("Tavily", key("tavily", "tvly-")),
        ("Firecrawl", key("firecrawl", "fc-")),
        ("Brave Search", key("brave", "BSA")),
        ("Voyage AI", key("voyage", "pa-")),
        ("Venice", format!("vapi_{body}")),
        ("Vercel AI Gateway", key("vercel-ai-gateway", "vck_")),
        ("Xiaomi MiMo token plan", format!("tp-{body}")),
        ("ClickClack", format!("ccb_{body}")),
        ("Vercel", format!("vcp_{body}")),
        ("Vercel", format!("vci_{body}")),
        ("Vercel", format!("vca_{body}")),
        ("Vercel", format!("vcr_{body}")),
        ("GitHub", key("github-copilot", "ghp_")),
        ("GitHub", key("github-copilot", "gho_")),
        ("GitHub", key("github-copilot", "ghu_")),
        ("GitHub", key("github-copilot", "ghs_")),
        ("GitHub", key("github-copilot", "ghr_")),
        ("GitHub", key("github-copilot", "github_pat_")),
        ("AWS", key("amazon-bedrock", "AKIA")),
        ("AWS", key("amazon-bedrock", "ASIA")),
        ("AWS", key("amazon-bedrock", "ABSK")),
        ("AWS", key("amazon-bedrock", "bedrock-api-key-")),
        ("Azure OpenAI", key("microsoft-foundry", "")),
        ("Azure", cut(&hex, 32)),
        ("Alibaba Cloud", format!("LTAI{}", cut(&body, 20))),
        ("Baidu Qianfan", format!("bce-v3/ALTAK-{}/{}", cut(&body, 21), cut(&hex, 40))),
        ("Slack", key("slack", "xoxb-")),
        ("Slack", key("slack", "xapp-")),
        ("Slack", key("slack", "xoxp-")),
        ("Slack", format!("xoxc-{body}")),
        ("Slack", format!("xoxd-{body}")),
        ("Slack", key("slack", "xoxe-")),
        ("Telegram", key("telegram", "")),
        ("Discord", key("discord", "")),
        ("Feishu", key("feishu", "cli_")),
        ("Nostr", key("nostr", "nsec1")),
        ("Nostr", format!("npub1{}", cut(&lower, 58))),
        ("an identity provider", format!("eyJ{}.{}.{}", cut(&body, 20), cut(&body, 40), cut(&body, 43))),
        (
            "a certificate or service account file",
            format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----"),
        ),
    ];
    let check = |id: &str, owner: &str, value: &str| match judge(slot(id), value) {
        Judgement::Foreign { owner: found, .. } => assert_eq!(found, owner, "{id} {value}"),
        other => panic!("{id} {owner} {value}: {other:?}"),
    };
    both.iter().chain(&only_openai).for_each(|(owner, value)| check("anthropic", owner, value));
    both.iter().chain(&only_anthropic).for_each(|(owner, value)| check("openai", owner, value));
    // The owner table alone names what is cut short.
    check("anthropic", "OpenAI", "sk-proj-Zq7Kp2Wd9Rt");
    check("openai", "Anthropic", "sk-ant-api03-Zq7Kp2Wd9Rt");
}

#[test]
fn own_keys_of_another_kind_say_why() {
    for (id, prefix) in [
        ("anthropic", "sk-ant-admin"),
        ("anthropic", "sk-ant-ort"),
        ("anthropic", "sk-ant-sid"),
        ("openai", "sk-admin-"),
        ("xai", "xai-token-"),
        ("sms", "SK"),
    ] {
        let verdict = judge(slot(id), &key(id, prefix));
        assert!(matches!(verdict, Judgement::Unusable { why, .. } if !why.is_empty()), "{id} {prefix} {verdict:?}");
    }
    assert!(matches!(
        judge(env("ANTHROPIC_ADMIN_KEY"), &key("anthropic", "sk-ant-admin")),
        Judgement::Usable { kind: "admin key" }
    ));
    let misplaced = judge(env("ANTHROPIC_ADMIN_KEY"), &key("anthropic", "sk-ant-api"));
    assert_eq!(belongs_in(&misplaced), ["ANTHROPIC_OAUTH_TOKEN", "ANTHROPIC_API_KEY"]);
}

#[test]
fn slots_of_one_channel_are_told_apart() {
    let (bot, app) = (key("slack", "xoxb-"), key("slack", "xapp-"));
    assert_eq!(belongs_in(&judge(env("SLACK_BOT_TOKEN"), &app)), ["SLACK_APP_TOKEN"]);
    assert_eq!(belongs_in(&judge(Slot { key: Some("appToken"), ..slot("slack") }, &bot)), ["SLACK_BOT_TOKEN"]);
    assert_eq!(judge(Slot { key: Some("botToken"), ..slot("slack") }, &bot), Judgement::Usable { kind: "bot token" });
    assert_eq!(belongs_in(&judge(env("FEISHU_APP_SECRET"), &key("feishu", "cli_"))), ["FEISHU_APP_ID"]);
    let uuid = "8c1f0b6e-52d7-4a3b-9e64-7d20c5a91f38";
    assert!(matches!(judge(env("MSTEAMS_APP_PASSWORD"), uuid), Judgement::Foreign { owner: "Microsoft Teams", .. }));
    assert!(matches!(judge(env("MSTEAMS_APP_ID"), uuid), Judgement::Usable { .. }));
    assert!(matches!(
        judge(env("DISCORD_BOT_TOKEN"), "918273645546372819"),
        Judgement::Foreign { kind: "application id", .. }
    ));
    assert!(matches!(
        judge(env("TELEGRAM_BOT_TOKEN"), &format!("bot{}", key("telegram", ""))),
        Judgement::Foreign { .. }
    ));
}

#[test]
fn plans_and_platforms_of_one_vendor_are_told_apart() {
    assert_eq!(belongs_in(&judge(slot("moonshot"), &key("kimi", "sk-kimi-"))), ["KIMI_API_KEY", "KIMICODE_API_KEY"]);
    assert!(matches!(judge(env("KIMI_API_KEY"), &key("kimi", "sk-kimi-")), Judgement::Usable { .. }));
    assert!(matches!(
        judge(env("XIAOMI_API_KEY"), &format!("tp-{}", BODY.repeat(9).get(..27).unwrap())),
        Judgement::Foreign { .. }
    ));
    assert!(matches!(judge(env("DASHSCOPE_API_KEY"), &key("qwen", "sk-sp-")), Judgement::Usable { .. }));
    assert!(matches!(judge(env("GROQ_API_KEY"), &key("xai", "xai-")), Judgement::Foreign { owner: "xAI", .. }));
    assert!(matches!(
        judge(env("CLOUDFLARE_AI_GATEWAY_API_KEY"), &format!("cfut_{}", BODY.repeat(9).get(..48).unwrap())),
        Judgement::Foreign { owner: "Cloudflare", .. }
    ));
}

#[test]
fn keys_that_a_slot_accepts_from_others_pass() {
    for (name, value) in [
        ("PERPLEXITY_API_KEY", key("openrouter", "sk-or-v1-")),
        ("ARCEEAI_API_KEY", key("openrouter", "sk-or-v1-")),
        ("CLOUDFLARE_AI_GATEWAY_API_KEY", key("anthropic", "sk-ant-api")),
        ("CLOUDFLARE_AI_GATEWAY_API_KEY", key("openai", "sk-proj-")),
        ("LITELLM_API_KEY", key("openai", "sk-proj-")),
        ("OLLAMA_API_KEY", key("openai", "sk-proj-")),
        ("BUZZ_PRIVATE_KEY", key("nostr", "nsec1")),
        ("GOOGLE_CLOUD_API_KEY", key("google", "AIza")),
    ] {
        assert!(
            matches!(judge(env(name), &value), Judgement::Usable { .. } | Judgement::Unknown),
            "{name} {:?}",
            judge(env(name), &value)
        );
    }
}

#[test]
fn a_foreign_endpoint_silences_everything_but_placeholders() {
    let slot = Slot { foreign_endpoint: true, ..slot("openai") };
    for value in [
        key("anthropic", "sk-ant-api"),
        key("deepseek", "sk-"),
        "sk-proj-Zq7short9".to_owned(),
        "anything at all".to_owned(),
    ] {
        assert_eq!(judge(slot, &value), Judgement::Unknown);
    }
    assert_eq!(judge(slot, "REDACTED"), Judgement::Sentinel);
    assert!(matches!(judge(slot, "<your key>"), Judgement::Placeholder(_)));
}

#[test]
fn keys_cut_or_grown_are_altered() {
    for (id, prefix) in [
        ("anthropic", "sk-ant-api"),
        ("google", "AIza"),
        ("openrouter", "sk-or-v1-"),
        ("xai", "xai-"),
        ("groq", "gsk_"),
        ("cerebras", "csk-"),
        ("nvidia", "nvapi-"),
        ("together", "tgp_v1_"),
        ("huggingface", "hf_"),
        ("github-copilot", "ghp_"),
        ("vercel-ai-gateway", "vck_"),
        ("voyage", "pa-"),
        ("firecrawl", "fc-"),
        ("perplexity", "pplx-"),
        ("elevenlabs", "sk_"),
        ("runway", "key_"),
        ("feishu", "cli_"),
        ("nostr", "nsec1"),
        ("brave", "BSA"),
        ("minimax", "sk-api-"),
    ] {
        for seed in 0..50 {
            let value = synthetic::key(format(id, prefix), seed);
            let cut = value.get(..prefix.len() + 13).unwrap();
            let verdict = judge(slot(id), cut);
            assert!(
                matches!(verdict, Judgement::Altered { expected, .. } if !expected.is_empty()),
                "{id} {cut} {verdict:?}"
            );
            let verdict = judge(slot(id), &format!("{value} {}", &value[..4]));
            assert!(matches!(verdict, Judgement::Altered { .. }), "{id} {value} {verdict:?}");
        }
    }
}

#[test]
fn nothing_is_said_about_unknown_values() {
    for (id, value) in [
        ("openai", "sk-Zq7Kp2Wd9RtZq7Kp2W"),
        ("deepinfra", "7f3a9c527f3a9c527f3a9c52"),
        ("mistral", "a-key-of-another-length-9x7"),
        ("deepseek", "sk-Zq7Kp2Wd9RtZq7Kp2Wd9Rt"),
        ("volcengine", "ark-7f3a9c52-d41b"),
        ("stepfun", "Zq7Kp2Wd9RtZq7Kp2W"),
        ("together", "7f3a9c527f3a9c52aa07f3a9c52bb"),
        ("exa", "exa-Zq7Kp2Wd9RtZ"),
    ] {
        assert_eq!(judge(slot(id), value), Judgement::Unknown, "{id} {value}");
    }
    assert_eq!(judge(Slot::default(), "Zq7Kp2Wd9RtZq7"), Judgement::Unknown);
}

#[test]
fn shapes_of_the_guide_are_accepted() {
    assert_eq!(
        judge(slot("anthropic"), &format!("sk-ant-{}", BODY.repeat(9).get(..36).unwrap())),
        Judgement::Usable { kind: "guide shape" }
    );
    assert_eq!(
        judge(slot("openai"), &format!("sk-{}", BODY.repeat(9).get(..51).unwrap())),
        Judgement::Usable { kind: "guide shape" }
    );
}

#[test]
fn pasted_leftovers_do_not_hide_the_key() {
    let key = key("anthropic", "sk-ant-api");
    for value in [
        format!("Bearer {key}"),
        format!("\"{key}\""),
        format!("ANTHROPIC_API_KEY={key}"),
        format!("{}\n{}", &key[..40], &key[40..]),
        format!("\u{201C}{key}\u{201D}"),
    ] {
        assert!(matches!(judge(slot("anthropic"), &value), Judgement::Usable { .. }), "{value}");
        assert!(matches!(judge(slot("openai"), &value), Judgement::Foreign { .. }), "{value}");
    }
}

#[test]
fn lists_are_judged_key_by_key() {
    let good = key("openai", "sk-proj-");
    assert!(matches!(judge(env("OPENAI_API_KEYS"), &format!("{good}, {good};{good}")), Judgement::Usable { .. }));
    assert!(matches!(
        judge(env("OPENAI_API_KEYS"), &format!("{good},{}", key("groq", "gsk_"))),
        Judgement::Foreign { .. }
    ));
    assert_eq!(judge(env("OPENAI_API_KEYS"), " , "), Judgement::Empty);
    assert!(matches!(judge(env("OPENAI_API_KEY_OLD"), &key("groq", "gsk_")), Judgement::Foreign { .. }));
}

#[test]
fn distinctive_keys_are_detected_alone() {
    for (p, f) in formats().filter(|(p, f)| f.distinctive && f.confidence != Confidence::Prefix && !p.self_hosted) {
        let found = detect(&synthetic::key(f, 3)).unwrap_or_else(|| panic!("{} {}", p.id, f.kind));
        assert_eq!(found.usable, f.usable, "{} {}", p.id, f.kind);
    }
    assert_eq!(detect(&key("anthropic", "sk-ant-api")).unwrap().provider, Some("anthropic"));
    assert!(!detect(&key("feishu", "cli_")).unwrap().secret && detect(&key("slack", "xoxb-")).unwrap().secret);
    assert_eq!(detect(&format!("sk_live_{}", BODY.repeat(9).get(..24).unwrap())).unwrap().owner, "Stripe");
    for owner in table().owners().iter().filter(|owner| owner.pattern.is_none()) {
        assert!(detect(&format!("{}{BODY}", owner.prefix)).is_some(), "{}", owner.prefix);
    }
    for value in [
        "",
        "hello",
        "sk-your-key-here",
        "7f3a9c527f3a9c527f3a9c527f3a9c52",
        "https://api.openai.com/v1",
        "claude-sonnet-4-5",
        "sk-ant-[a-zA-Z0-9-]+",
    ] {
        assert_eq!(detect(value), None, "{value}");
    }
}

#[test]
fn verdicts_never_carry_the_value() {
    for (p, f) in formats() {
        let key = synthetic::key(f, 5);
        for id in ["anthropic", "openai", p.id] {
            assert!(
                !format!("{:?}", judge(slot(id), &key)).contains(&key) && !format!("{:?}", detect(&key)).contains(&key)
            );
        }
    }
}

proptest::proptest! {
    #[test]
    fn judging_arbitrary_text_never_panics(value in "\\PC{0,60}|(sk-|eyJ|your|[0-9]|<|>|\\{|x|\\.){0,20}", index in 0usize..100) {
        let p = table().providers().get(index);
        let _ = judge(Slot { provider: p, env: p.and_then(|p| p.env.first().copied()), ..Slot::default() }, &value);
        let _ = detect(&value);
    }
}
