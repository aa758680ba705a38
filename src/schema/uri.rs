//! The one string format that OpenClaw asserts: what JavaScript's `URL.canParse` takes. Text in, yes or no out.
//!
//! OpenClaw checks `format: uri` with the WHATWG parser, which accepts far more (`http:host`, spaces, backslashes) and
//! sometimes less (a port above 65535, `http://1.2.3.400`) than RFC 3986. Written from <https://url.spec.whatwg.org/>.
//! International host names are taken as they are: mapping them needs tables of several hundred kilobytes, and a host
//! that only fails there does not occur in configuration.

use std::net::Ipv6Addr;

/// Schemes whose URLs must have a host; `file` is special too but may lack one.
const SPECIAL: &[&str] = &["http", "https", "ws", "wss", "ftp", "file"];

/// Whether `URL.canParse(text)` is true.
#[must_use]
pub fn can_parse(text: &str) -> bool {
    let text: String =
        text.trim_matches(|c: char| c <= ' ').chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let Some((scheme, rest)) = split_scheme(&text) else {
        return false;
    };
    if scheme == "file" {
        return file(rest);
    }
    if SPECIAL.contains(&scheme.as_str()) {
        let rest = rest.trim_start_matches(['/', '\\']);
        let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
        return authority(rest.get(..end).unwrap_or(rest), special_host);
    }
    match rest.strip_prefix("//") {
        Some(rest) => {
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            let authority_text = rest.get(..end).unwrap_or(rest);
            authority_text.is_empty() || authority(authority_text, opaque_host)
        }
        None => true,
    }
}

/// The scheme in lower case, and what follows the colon.
fn split_scheme(text: &str) -> Option<(String, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let valid = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    valid.then(|| (scheme.to_ascii_lowercase(), rest))
}

/// `file:` needs no host, and takes no credentials or port.
fn file(rest: &str) -> bool {
    let Some(rest) = rest.strip_prefix("//").or_else(|| rest.strip_prefix("\\\\")) else {
        return true;
    };
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    let host = rest.get(..end).unwrap_or(rest);
    host.is_empty() || is_drive_letter(host) || special_host(host)
}

fn is_drive_letter(text: &str) -> bool {
    matches!(text.as_bytes(), [letter, b':' | b'|'] if letter.is_ascii_alphabetic())
}

/// `user:password@host:port`; the last `@` ends the credentials.
fn authority(text: &str, host_is_valid: fn(&str) -> bool) -> bool {
    let host_and_port = text.rsplit_once('@').map_or(text, |(_, host)| host);
    let (host, port) = split_port(host_and_port);
    !host.is_empty() && host_is_valid(host) && port.is_none_or(is_port)
}

/// The port follows the first colon outside of brackets.
fn split_port(text: &str) -> (&str, Option<&str>) {
    let after_brackets = text.starts_with('[').then(|| text.find(']')).flatten().unwrap_or(0);
    let colon = text.get(after_brackets..).and_then(|tail| tail.find(':')).map(|at| at + after_brackets);
    match colon {
        Some(at) => (text.get(..at).unwrap_or(text), text.get(at + 1..)),
        None => (text, None),
    }
}

fn is_port(text: &str) -> bool {
    let digits = text.trim_start_matches('0');
    text.bytes().all(|byte| byte.is_ascii_digit()) && (digits.is_empty() || digits.parse::<u16>().is_ok())
}

fn special_host(host: &str) -> bool {
    if let Some(address) = bracketed(host) {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let Some(host) = percent_decode(host) else {
        return false;
    };
    let forbidden = |c: char| is_forbidden_in_host(c) || c == '%' || c.is_ascii_control();
    if host.is_empty() || host.chars().any(forbidden) {
        return false;
    }
    !ends_in_number(&host) || is_ipv4(&host)
}

fn opaque_host(host: &str) -> bool {
    match bracketed(host) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => !host.chars().any(is_forbidden_in_host),
    }
}

fn bracketed(host: &str) -> Option<&str> {
    host.strip_prefix('[')?.strip_suffix(']')
}

fn is_forbidden_in_host(c: char) -> bool {
    matches!(c, '\0' | ' ' | '#' | '/' | ':' | '<' | '>' | '?' | '@' | '[' | '\\' | ']' | '^' | '|')
}

/// `None` when the decoded bytes are no UTF-8: such a host never survives the mapping to ASCII.
fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        match (first, tail) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                bytes.push(hex(*high) * 16 + hex(*low));
                rest = after;
            }
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

fn hex(digit: u8) -> u8 {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok()).unwrap_or(0)
}

/// A host whose last label is a number is an IPv4 address, good or bad.
fn ends_in_number(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let last = host.rsplit('.').next().unwrap_or(host);
    !last.is_empty() && (last.bytes().all(|byte| byte.is_ascii_digit()) || ipv4_number(last).is_some())
}

/// One to four numbers, decimal, `0x` or octal; all but the last fit a byte, the last fills what is left.
fn is_ipv4(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let Some(numbers) = host.split('.').map(ipv4_number).collect::<Option<Vec<u64>>>() else {
        return false;
    };
    let Some((last, first)) = numbers.split_last() else {
        return false;
    };
    let left = match first.len() {
        0 => 32,
        1 => 24,
        2 => 16,
        3 => 8,
        _ => return false,
    };
    first.iter().all(|number| *number <= 255) && *last < 1 << left
}

fn ipv4_number(text: &str) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None if text.len() > 1 && text.starts_with('0') => (text, 8),
        None => (text, 10),
    };
    if !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    // A number too long for 64 bits is out of every range.
    Some(if digits.is_empty() { 0 } else { u64::from_str_radix(digits, radix).unwrap_or(u64::MAX) })
}

#[cfg(test)]
mod tests {
    use super::can_parse;

    #[test]
    fn what_javascript_parses_is_a_url() {
        for text in [
            "https://example.com",
            "HTTP:example.com",
            "http:\\\\host\\path",
            " https://example.com/a b ",
            "wss://h:443/x",
            "https://u:p@host:65535?q",
            "http://[::1]:8080",
            "http://0x7f.1",
            "http://127.0.0.1.",
            "mailto:x",
            "a:",
            "file:///etc/hosts",
            "file:x",
            "foo://",
            "foo://bar:80/x",
            "http://münchen.example",
            "http://a%41",
            "https://example.com:",
            "http://host:00080",
            "file://c:/x",
            "http://..",
            "http://a.09x",
            "http://0x",
            "http://user@@host",
            "http://ex\nample.com",
        ] {
            assert!(can_parse(text), "{text}");
        }
    }

    #[test]
    fn what_javascript_refuses_is_none() {
        for text in [
            "",
            "example.com",
            "/path",
            "//host",
            "://x",
            "1http://x",
            "http://",
            "http://?x",
            "https://:80",
            "https://a b",
            "https://host:65536",
            "https://host:8o",
            "http://1.2.3.400",
            "http://1.2.3.4.5",
            "http://[::1",
            "http://[x]",
            "http://a%00",
            "http://a%2fb",
            "http://%ff",
            "foo://a b",
            "foo://:80",
            "https://user@",
            "http://256.1.1.1",
            "http://a|b",
            "foo://@",
            "file://host:80/",
            "http://1.2.3.08",
            "http://09",
            "file://a b",
            "http://[1.2.3.4]",
            "http://[::1]x",
        ] {
            assert!(!can_parse(text), "{text}");
        }
    }
}
