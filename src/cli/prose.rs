//! Documentation in Markdown, laid out for a terminal: paragraphs and list items are filled to the width, code and tables
//! keep their lines. Only what rule files use is known here.

use openclaw_lint::report;
use unicode_width::UnicodeWidthStr;

/// Columns before a line of code.
const CODE: &str = "  ";

/// Fills a text to the width; it ends with a line break.
pub(super) fn to_terminal(markdown: &str, width: usize) -> String {
    let mut out = String::new();
    let mut open = Open::default();
    let mut fenced = false;
    for line in markdown.trim().lines() {
        if line.trim_start().starts_with("```") {
            open.finish(&mut out, width);
            fenced = !fenced;
        } else if fenced {
            out.push_str(format!("{CODE}{line}").trim_end());
            out.push('\n');
        } else if line.trim().is_empty() {
            open.finish(&mut out, width);
            out.push('\n');
        } else if line.starts_with(['|', '#']) {
            open.finish(&mut out, width);
            out.push_str(&format!("{line}\n"));
        } else if let Some((lead, text)) = item(line) {
            open.finish(&mut out, width);
            open = Open { lead: lead.to_owned(), lines: vec![text.to_owned()] };
        } else {
            open.lines.push(line.trim().to_owned());
        }
    }
    open.finish(&mut out, width);
    out
}

/// The paragraph or list item that is being read.
#[derive(Default)]
struct Open {
    /// Stands before the first line; later lines are indented as far.
    lead: String,
    lines: Vec<String>,
}

impl Open {
    fn finish(&mut self, out: &mut String, width: usize) {
        let Self { lead, lines } = std::mem::take(self);
        if lines.is_empty() {
            return;
        }
        let room = width.saturating_sub(lead.width()).max(1);
        let text = report::joined(&lines.join("\n"));
        let indent = format!("\n{}", " ".repeat(lead.width()));
        out.push_str(&format!("{lead}{}\n", report::wrap(&text, room, room).join(&indent)));
    }
}

/// `- text` and `1. text`, with blanks in front: the marker and the text.
fn item(line: &str) -> Option<(&str, &str)> {
    let marker = line.trim_start();
    let digits = marker.trim_start_matches(|c: char| c.is_ascii_digit());
    let text = match digits.strip_prefix(". ") {
        Some(text) if digits.len() < marker.len() => text,
        _ => marker.strip_prefix("- ").or_else(|| marker.strip_prefix("* "))?,
    };
    Some(line.split_at(line.len() - text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_filled_and_code_is_kept() {
        let text = "One\ntwo:\n\n- first item that goes on\n  in a second line\n- second\n\n```sh\nrun  a very long command line\n```\n\n1. last";
        let expected = "One two:\n\n- first item\n  that goes on\n  in a second\n  line\n- second\n\n  run  a very long command line\n\n1. last\n";
        assert_eq!(to_terminal(text, 15), expected);
    }

    #[test]
    fn chinese_lines_join_without_a_blank() {
        assert_eq!(to_terminal("- 第一\n  行\n", 40), "- 第一行\n");
    }
}
