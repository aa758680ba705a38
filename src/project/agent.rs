//! Ids of agents.

/// How OpenClaw reads the id of an agent: blanks at the ends do not count, nor does case; runs of other characters than ASCII
/// letters, digits, `_` and `-` become one `-`; 64 characters count; nothing at all is `main`. Source: OpenClaw 2026.9.6.
pub(crate) fn agent_id(text: &str) -> String {
    const LONGEST: usize = 64;
    let folded = text.trim().to_lowercase();
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let usual = folded.chars().all(is_word) && folded.starts_with(|c: char| c.is_ascii_alphanumeric());
    let id = if usual && folded.len() <= LONGEST {
        folded
    } else {
        let parts: Vec<&str> = folded.split(|c: char| !is_word(c)).filter(|part| !part.is_empty()).collect();
        parts.join("-").trim_matches('-').chars().take(LONGEST).collect()
    };
    if id.is_empty() { "main".to_owned() } else { id }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_openclaw_does() {
        for (text, id) in [
            ("Main", "main"),
            (" my bot ", "my-bot"),
            ("My.Own  Bot!", "my-own-bot"),
            ("_x", "_x"),
            ("", "main"),
            ("é", "main"),
            ("a_b-c", "a_b-c"),
        ] {
            assert_eq!(agent_id(text), id, "{text}");
        }
        assert_eq!(agent_id(&"a".repeat(70)).len(), 64);
    }
}
