//! The prose of a rule as HTML. Markup within it is shown, not obeyed, and links lead to pages only: packs of rules come
//! from others.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

use super::escape::web;

/// Headings of a page's prose stand below that page's own, which is one of the third level.
pub(super) fn html(markdown: &str) -> String {
    let mut skipped = 0_usize;
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        // A picture would be loaded: its words stay.
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { ref dest_url, .. }) if !web(dest_url) => {
            skipped += 1;
            None
        }
        Event::End(TagEnd::Link) if skipped > 0 => {
            skipped -= 1;
            None
        }
        Event::Start(Tag::Heading { .. }) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::Heading(_)) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        other => Some(other),
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_becomes_paragraphs_lists_code_and_tables() {
        let out =
            html("one `a<b>` *two*\n\n- x\n- y\n\n```json5\n{ a: '<' }\n```\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n");
        for part in ["<p>one <code>a&lt;b&gt;</code> <em>two</em></p>", "<li>x</li>", "{ a: '&lt;' }", "<td>2</td>"] {
            assert!(out.contains(part), "{part} in {out}");
        }
        assert!(html("# big").contains("<p>big</p>"));
    }

    #[test]
    fn markup_is_shown_and_other_links_are_words() {
        let out = html(
            "<script>alert(1)</script>\n\na <b onclick=x>b</b> [c](javascript:alert(1)) ![d](https://e/f.png) [g](https://h)\n",
        );
        assert!(out.contains("&lt;script&gt;") && out.contains("&lt;b onclick=x&gt;"), "{out}");
        assert!(!out.contains("<script") && !out.contains("<img") && !out.contains("javascript:"), "{out}");
        assert!(out.contains(" c ") && out.contains(" d ") && out.contains("<a href=\"https://h\">g</a>"), "{out}");
    }
}
