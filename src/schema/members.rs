//! Where the members of each line of the pool stand, so that a run finds a keyword or a property without reading what
//! stands before it. Read by `build.rs` too, and so without any knowledge of the rest of the program.

/// Of each line two `u32`: where it begins in the pool, in bytes, and where its list begins in the index. The same of the
/// line that would come next. Behind these the lists, of `u16`. All numbers are little-endian.
///
/// A list says how many keywords a line has, where in the line each of them begins, in their order, and where each of its
/// properties does, by name and the quote behind it. It is empty for a line that is not as the store writes it.
pub(crate) fn index(pool: &str) -> Vec<u8> {
    let lines: Vec<(usize, Vec<u16>)> = pool
        .split_inclusive('\n')
        .map(|line| (line.len(), list(line.trim_end_matches('\n')).unwrap_or_default()))
        .collect();
    let (mut line_at, mut list_at) = (0, (lines.len() + 1) * 8);
    let mut index = Vec::with_capacity(list_at);
    for (line, list) in lines.iter().map(|(line, list)| (*line, list.len() * 2)).chain([(0, 0)]) {
        index.extend([line_at, list_at].into_iter().flat_map(|at| u32::try_from(at).unwrap_or(u32::MAX).to_le_bytes()));
        (line_at, list_at) = (line_at + line, list_at + list);
    }
    index.extend(lines.into_iter().flat_map(|(_, list)| list).flat_map(u16::to_le_bytes));
    index
}

fn list(line: &str) -> Option<Vec<u16>> {
    let keywords = members(line)?;
    let begins = |(key, _): &(&str, &str)| {
        // Before a key stands its quote.
        u16::try_from((key.as_ptr() as usize).checked_sub(line.as_ptr() as usize)?.checked_sub(1)?).ok()
    };
    let mut list = vec![u16::try_from(keywords.len()).ok()?];
    list.extend(keywords.iter().map(begins).collect::<Option<Vec<u16>>>()?);
    if let Some((_, properties)) = keywords.iter().find(|(keyword, _)| *keyword == "properties") {
        let mut properties = members(properties)?;
        properties.sort_by_cached_key(|(name, _)| format!("{name}\""));
        list.extend(properties.iter().map(begins).collect::<Option<Vec<u16>>>()?);
    }
    Some(list)
}

/// The members of an object with the texts of their values, in their order. `None` for a text that is not as the store
/// writes it: JSON without white space between tokens and without escapes in keys.
fn members(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut members = Vec::new();
    let mut rest = text.strip_prefix('{')?;
    while rest != "}" {
        let (key, after) = rest.strip_prefix('"')?.split_once('"')?;
        let after = after.strip_prefix(':').filter(|_| !key.contains('\\'))?;
        let (value, after) = after.split_at_checked(value_end(after.as_bytes())?)?;
        members.push((key, value));
        rest = match after.strip_prefix(',') {
            Some("}") => return None,
            Some(next) => next,
            None => after,
        };
    }
    Some(members)
}

/// Where the value ends that a text begins with, in bytes.
fn value_end(text: &[u8]) -> Option<usize> {
    let (mut at, mut depth) = (0, 0_usize);
    loop {
        match text.get(at)? {
            b'"' => at = string_end(text, at + 1)?,
            b'{' | b'[' => depth += 1,
            b'}' | b']' | b',' if depth == 0 => return (at > 0).then_some(at),
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
}

/// The quote that ends a string.
fn string_end(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match text.get(at)? {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_texts() {
        let text = r#"{"type":"a \"b\", c\\","":[{"x":[1,2]},"]"],"not":{},"n":-1.5e3,"b":true}"#;
        let expected = [
            ("type", r#""a \"b\", c\\""#),
            ("", r#"[{"x":[1,2]},"]"]"#),
            ("not", "{}"),
            ("n", "-1.5e3"),
            ("b", "true"),
        ];
        assert_eq!(members(text).unwrap(), expected);
        assert_eq!(members("{}").unwrap(), []);
    }

    #[test]
    fn what_the_store_does_not_write_is_not_cut() {
        for text in [
            "",
            "true",
            "{",
            r#"{"a"#,
            r#"{"a""#,
            r#"{"a":"#,
            r#"{"a":}"#,
            r#"{"a":1"#,
            r#"{"a":1,"#,
            r#"{"a":1,}"#,
            r#"{"a" :1}"#,
            r#"{"a":"1}"#,
            r#"{"a":"1\"#,
            r#"{"\u0061":1}"#,
            r#"{"a":1]"#,
            r#"{"a":1}}"#,
            "{a:1}",
        ] {
            assert_eq!(members(text), None, "{text}");
        }
    }
}
