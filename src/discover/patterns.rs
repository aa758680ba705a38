//! The names that [`classify`](super::classify) knows as regular expressions, for programs that choose files by such:
//! hooks of git, tasks of editors. Made from the same tables.

use super::names::{BACKUP_WORDS, FOREIGN_ENDINGS, FOREIGN_WORDS, JSON_ENDINGS, TEMPLATE_WORDS, TRAILING_BACKUP_WORDS};

/// Regular expressions with look-ahead, as Python and JavaScript have them, against a path with `/`. They find every name
/// that is usual, and none that is not ours; a few odd ones that [`classify`](super::classify) knows too, such as
/// backups of env files with a date in their names, they miss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePatterns {
    /// Configurations.
    pub configs: String,
    /// Env files.
    pub env_files: String,
    /// What is none of these although one of them matches.
    pub exclude: String,
}

/// The patterns.
#[must_use]
pub fn file_patterns() -> FilePatterns {
    let suffix_words: Vec<&str> = [TEMPLATE_WORDS, BACKUP_WORDS, TRAILING_BACKUP_WORDS].concat();
    let (foreign, endings, json) = (FOREIGN_WORDS.join("|"), FOREIGN_ENDINGS.join("|"), JSON_ENDINGS.join("|"));
    let suffix_words = suffix_words.join("|");
    // Parts of a name before the one that makes it an env file.
    let before = r"(?:(?!env[-_ .])[^/.]*\.)";
    let usual = format!(r"{before}+env|\.env\.[^/]*");
    let marked = format!(r"{before}*env[-_ .](?:[^/]*[-_ .])?(?:{suffix_words})(?:[-_ .][^/]*)?");
    let own = r"\.?openclaw-lint(?![^\W_])[^/]*";
    let named_otherwise =
        format!(r"[^/]*?(?<![^/._ -])(?:openclaw)?(?:{foreign})(?:[-_ .][^/]*)?\.json5?(?:[-_ .][^/]*)?");
    let ends_otherwise = format!(r"[^/]*\.(?:{endings})");
    let env_that_is_json = format!(r"(?!openclaw|[^/]*\.openclaw\.|clawdbot\.)[^/]*\.(?:{json})");
    let whole = |names: &[&str]| format!(r"(?i)(?:^|/)(?:{})~*$", names.join("|"));
    FilePatterns {
        configs: whole(&[r"(?:openclaw[^/]*|[^/]*\.openclaw|clawdbot)\.json5?(?:[-_ .][^/]*)?"]),
        env_files: whole(&[&usual, &marked]),
        exclude: whole(&[own, &named_otherwise, &ends_otherwise, &env_that_is_json]),
    }
}
