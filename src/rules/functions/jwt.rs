//! `jwt`: what the times and the algorithm of a JSON Web Token say.

use crate::credentials::clean;
use crate::credentials::jwt::{self, JwtProblem};
use crate::language::Phrase;
use crate::rules::Violation;
use crate::rules::model::Call;

use super::credential::violation;
use super::held::{Held, held};
use super::{Function, Input, NO_OPTIONS};

/// Servers allow clocks to differ; five minutes are usual.
const LEEWAY_SECONDS: i64 = 300;

/// Judges tokens. Outcomes: `expired`, `just-expired`, `not-yet-valid`, `issued-in-future` (parameter `time`), `unsigned`,
/// `milliseconds` (parameter `claim`), `never-valid`.
pub(super) const JWT: Function = Function { name: "jwt", options: NO_OPTIONS, run };

fn run(_: &Call, input: &Input<'_>) -> Vec<Violation> {
    let Ok(now) = jiff::Timestamp::from_second(input.context.now) else { return Vec::new() };
    held(input).iter().flat_map(|held| violations(held, now)).collect()
}

fn violations(held: &Held<'_>, now: jiff::Timestamp) -> Vec<Violation> {
    // Nearly every credential is told from a token by its first letters.
    if !held.text.contains("ey") && !held.text.contains("ew") {
        return Vec::new();
    }
    let Some(token) = jwt::decode(&clean(held.text).value) else { return Vec::new() };
    let problems = jwt::problems(&token, now, LEEWAY_SECONDS);
    // A token that can never be valid is not also expired.
    let broken = problems.contains(&JwtProblem::NeverValid);
    let wanted = problems.into_iter().filter(|problem| !broken || !is_about_now(problem));
    wanted.filter_map(|problem| worded(held, problem)).collect()
}

const fn is_about_now(problem: &JwtProblem) -> bool {
    matches!(problem, JwtProblem::Expired { .. } | JwtProblem::NotYetValid { .. } | JwtProblem::IssuedInFuture { .. })
}

fn worded(held: &Held<'_>, problem: JwtProblem) -> Option<Violation> {
    let timed = |outcome, seconds| violation(held, outcome).param("time", duration(seconds));
    Some(match problem {
        JwtProblem::Expired { seconds_ago, within_leeway: false } => timed("expired", seconds_ago),
        JwtProblem::Expired { seconds_ago, within_leeway: true } => timed("just-expired", seconds_ago),
        JwtProblem::NotYetValid { seconds_left, within_leeway: false } => timed("not-yet-valid", seconds_left),
        JwtProblem::IssuedInFuture { seconds_ahead } => timed("issued-in-future", seconds_ahead),
        JwtProblem::NeverValid => violation(held, "never-valid"),
        JwtProblem::Milliseconds(claim) => violation(held, "milliseconds").param("claim", claim.name()),
        JwtProblem::Unsigned => violation(held, "unsigned"),
        JwtProblem::NotYetValid { within_leeway: true, .. } | JwtProblem::NoExpiry => return None,
    })
}

/// A span of time in its largest fitting unit: `3 days`.
fn duration(seconds: f64) -> Phrase {
    const SECOND: (f64, &str, &str) = (1.0, "1 second", "{count} seconds");
    const UNITS: &[(f64, &str, &str)] = &[
        (31_556_952.0, "1 year", "{count} years"),
        (86_400.0, "1 day", "{count} days"),
        (3_600.0, "1 hour", "{count} hours"),
        (60.0, "1 minute", "{count} minutes"),
    ];
    let (size, one, many) = UNITS.iter().find(|(size, ..)| seconds >= *size).copied().unwrap_or(SECOND);
    let count = (seconds / size).floor().max(0.0);
    if count == 1.0 { Phrase::new(one) } else { Phrase::new(many).with("count", count.to_string()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_take_the_largest_unit() {
        assert_eq!(duration(0.2).to_string(), "0 seconds");
        assert_eq!(duration(61.0).to_string(), "1 minute");
        assert_eq!(duration(3.0 * 86_400.0 + 5.0).to_string(), "3 days");
        assert_eq!(duration(2.0 * 31_556_952.0).to_string(), "2 years");
    }
}
