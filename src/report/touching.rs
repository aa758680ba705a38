//! Things by place: which of them touch a span. A list that is read from its beginning for each of many credentials in one
//! line would take the square of their number.

use crate::source::Span;

/// Things sorted by where they begin, with what each half of the list, half of a half and so on reaches to.
pub(super) struct Touching<T> {
    /// With the number of each in the order in which they were given.
    sorted: Vec<(Span, usize, T)>,
    /// At the middle of each part: the furthest end in the part.
    furthest: Vec<u32>,
}

impl<T: Copy> Touching<T> {
    pub(super) fn new(things: impl Iterator<Item = (Span, T)>) -> Self {
        let mut sorted: Vec<_> = things.enumerate().map(|(number, (span, thing))| (span, number, thing)).collect();
        sorted.sort_by_key(|(span, number, _)| (span.start, *number));
        let mut furthest = vec![0; sorted.len()];
        reach(&sorted, &mut furthest);
        Self { sorted, furthest }
    }

    /// Those that share a byte with `span` or stand right beside it, in the order in which they were given.
    pub(super) fn at(&self, span: Span) -> Vec<T> {
        let mut found = Vec::new();
        collect(&self.sorted, &self.furthest, span, &mut found);
        found.sort_unstable_by_key(|(number, _)| *number);
        found.into_iter().map(|(_, thing)| thing).collect()
    }
}

/// Notes how far each part reaches; returns it for the whole.
fn reach<T>(sorted: &[(Span, usize, T)], furthest: &mut [u32]) -> u32 {
    let middle = sorted.len() / 2;
    let (before, rest) = sorted.split_at(middle);
    let (furthest_before, furthest_rest) = furthest.split_at_mut(middle);
    let (Some(((span, ..), behind)), Some((here, furthest_behind))) =
        (rest.split_first(), furthest_rest.split_first_mut())
    else {
        return 0;
    };
    *here = span.end.max(reach(before, furthest_before)).max(reach(behind, furthest_behind));
    *here
}

/// Leaves out parts that end before `span`, and what begins behind it.
fn collect<T: Copy>(sorted: &[(Span, usize, T)], furthest: &[u32], span: Span, found: &mut Vec<(usize, T)>) {
    let middle = sorted.len() / 2;
    let (before, rest) = sorted.split_at(middle);
    let (furthest_before, furthest_rest) = furthest.split_at(middle);
    let (Some((&(own, number, thing), behind)), Some((&here, furthest_behind))) =
        (rest.split_first(), furthest_rest.split_first())
    else {
        return;
    };
    if here < span.start {
        return;
    }
    collect(before, furthest_before, span, found);
    if own.start > span.end {
        return;
    }
    if own.end >= span.start {
        found.push((number, thing));
    }
    collect(behind, furthest_behind, span, found);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn they_are_those_that_looking_at_each_gives(
            spans in prop::collection::vec((0_u32..60, 0_u32..9), 0..40),
            (start, length) in (0_u32..60, 0_u32..9),
        ) {
            let spans: Vec<Span> = spans.into_iter().map(|(start, length)| Span::new(start, start + length)).collect();
            let place = Span::new(start, start + length);
            let touches = |at: &usize| spans[*at].start <= place.end && place.start <= spans[*at].end;
            let expected: Vec<usize> = (0..spans.len()).filter(touches).collect();
            let touching = Touching::new(spans.iter().copied().zip(0..));
            prop_assert_eq!(touching.at(place), expected);
        }
    }
}
