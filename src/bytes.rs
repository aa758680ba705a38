//! Bytes in texts, the near ones first.
//!
//! The `memchr` crate is the fastest, but its first call asks the processor what it can. In a virtual machine that takes
//! as long as a tenth of a whole run over an ordinary config, in which no search goes far.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the crate has asked: from then on it is called for near bytes too.
static ASKED: AtomicBool = AtomicBool::new(false);

/// So many bytes are looked at one by one before.
const NEAR: usize = 256;

/// Texts of this length and less are searched without the crate.
const SHORT: usize = 32 * 1024;

/// Where a byte first stands in a text.
pub(crate) fn find(wanted: u8, text: &[u8]) -> Option<usize> {
    near_first(text, |byte| byte == wanted, |far| memchr::memchr(wanted, far))
}

/// Where one of two bytes first stands in a text.
pub(crate) fn find2(a: u8, b: u8, text: &[u8]) -> Option<usize> {
    near_first(text, |byte| byte == a || byte == b, |far| memchr::memchr2(a, b, far))
}

/// Where one of three bytes first stands in a text.
pub(crate) fn find3(a: u8, b: u8, c: u8, text: &[u8]) -> Option<usize> {
    near_first(text, |byte| byte == a || byte == b || byte == c, |far| memchr::memchr3(a, b, c, far))
}

fn near_first(
    text: &[u8],
    is_wanted: impl Fn(u8) -> bool,
    find_far: impl FnOnce(&[u8]) -> Option<usize>,
) -> Option<usize> {
    if ASKED.load(Ordering::Relaxed) {
        return find_far(text);
    }
    let (near, far) = text.split_at_checked(NEAR).unwrap_or((text, &[]));
    let found = near.iter().position(|byte| is_wanted(*byte));
    if found.is_some() || far.is_empty() {
        return found;
    }
    ASKED.store(true, Ordering::Relaxed);
    Some(NEAR + find_far(far)?)
}

/// Whether a byte stands anywhere in a text that is likely not to have it.
pub(crate) fn has(wanted: u8, text: &[u8]) -> bool {
    if text.len() <= SHORT { text.contains(&wanted) } else { find(wanted, text).is_some() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_found_wherever_they_stand() {
        for asked in [false, true] {
            ASKED.store(asked, Ordering::Relaxed);
            search();
        }
    }

    fn search() {
        for length in [0, 1, NEAR - 1, NEAR, NEAR + 1, 2 * NEAR, SHORT + 1] {
            let mut text = vec![b' '; length];
            assert_eq!((find(b'a', &text), has(b'a', &text)), (None, false));
            for at in [0, NEAR - 1, NEAR, length.saturating_sub(1)].into_iter().filter(|at| *at < length).rev() {
                text[at] = b'a';
                let found = [find(b'a', &text), find2(b'x', b'a', &text), find3(b'x', b'y', b'a', &text)];
                assert_eq!(found, [Some(at); 3], "{length}");
                assert_eq!(find2(b'a', b'x', &text), Some(at));
                assert!(has(b'a', &text));
            }
        }
    }
}
