//! Text as HTML. What enters was scrubbed and has no control characters.

use pulldown_cmark_escape::escape_html;

/// Fit for text and for attributes in double quotes.
pub(super) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    // Writing to a string does not fail.
    let _ = escape_html(&mut html, text);
    html
}

/// Fit for text; what stands between two back-ticks is code.
pub(super) fn inline(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, code, after)) = code_in(rest) {
        html.push_str(&format!("{}<code>{}</code>", escaped(before), escaped(code)));
        rest = after;
    }
    html.push_str(&escaped(rest));
    html
}

fn code_in(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('`')?;
    let (code, after) = rest.split_once('`')?;
    (!code.is_empty()).then_some((before, code, after))
}

/// Whether a link leads to a page: nothing else is made a link.
pub(super) fn web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_markup() {
        assert_eq!(escaped("<a href=\"x\" y='z'>&amp;"), "&lt;a href=&quot;x&quot; y=&#39;z&#39;&gt;&amp;amp;");
        assert_eq!(inline("a `b<c>` d` & `e"), "a <code>b&lt;c&gt;</code> d<code> &amp; </code>e");
        assert_eq!(inline("no `code <b>"), "no `code &lt;b&gt;");
        assert_eq!(inline("``<i>"), "``&lt;i&gt;");
    }

    #[test]
    fn only_pages_are_links() {
        assert!(web("https://a") && web("http://a"));
        assert!(!web("javascript:alert(1)") && !web("data:text/html,x") && !web("/x") && !web(" https://a"));
    }
}
