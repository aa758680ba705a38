//! Reads the times and the algorithm of a JSON Web Token, never its signature and never who it belongs to.
//!
//! A value enters; algorithm, times and the issuer's host leave. Other claims are not kept, so that they cannot be
//! shown. "Now" is always a parameter. Facts: RFC 7519 and RFC 8725.

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;
use serde_json::Value;

use super::shape::MAX_VALUE;

/// Padding is tolerated although the format has none: people paste tokens from many tools.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);
/// Later than this in seconds is the year 5138: milliseconds by mistake.
const MILLISECONDS_FROM: f64 = 1e11;

/// What a token says about itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Jwt {
    /// The algorithm of the signature.
    pub alg: String,
    /// When it expires, in seconds since 1970.
    pub exp: Option<f64>,
    /// From when it is valid.
    pub nbf: Option<f64>,
    /// When it was issued.
    pub iat: Option<f64>,
    /// The host of the issuer's URL.
    pub issuer_host: Option<String>,
    /// Whether it carries no signature: the algorithm is `none`.
    pub unsigned: bool,
}

/// A claim that holds a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Claim {
    /// Expiry.
    Exp,
    /// Start of validity.
    Nbf,
    /// Time of issue.
    Iat,
}

impl Claim {
    /// The claim's name in the token.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Claim::Exp => "exp",
            Claim::Nbf => "nbf",
            Claim::Iat => "iat",
        }
    }
}

/// What is wrong with a token.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum JwtProblem {
    /// Expired this many seconds ago.
    Expired {
        /// Seconds since the expiry.
        seconds_ago: f64,
        /// Within the leeway: servers may still take it.
        within_leeway: bool,
    },
    /// Not valid for this many seconds yet.
    NotYetValid {
        /// Seconds until it is valid.
        seconds_left: f64,
        /// Within the leeway: servers may already take it.
        within_leeway: bool,
    },
    /// Issued in the future, beyond the leeway.
    IssuedInFuture {
        /// Seconds until then.
        seconds_ahead: f64,
    },
    /// It expires before it is issued or valid.
    NeverValid,
    /// The claim is in milliseconds.
    Milliseconds(Claim),
    /// It has no expiry.
    NoExpiry,
    /// The algorithm is `none`.
    Unsigned,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

#[derive(Deserialize)]
struct Payload {
    #[serde(default)]
    exp: Value,
    #[serde(default)]
    nbf: Value,
    #[serde(default)]
    iat: Value,
    #[serde(default)]
    iss: Value,
}

/// Reads a signed or unsigned token of three parts; encrypted tokens (five parts) and everything else give `None`.
#[must_use]
pub fn decode(value: &str) -> Option<Jwt> {
    let value = value.trim();
    if value.len() > MAX_VALUE || !value.starts_with('e') {
        return None;
    }
    let mut parts = value.split('.');
    let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let header: Header = part(header)?;
    let payload: Payload = part(payload)?;
    let unsigned = header.alg.eq_ignore_ascii_case("none");
    if signature.is_empty() && !unsigned {
        return None;
    }
    let time = |value: &Value| value.as_f64().filter(|time| time.is_finite());
    Some(Jwt {
        exp: time(&payload.exp),
        nbf: time(&payload.nbf),
        iat: time(&payload.iat),
        issuer_host: payload.iss.as_str().and_then(host),
        // A header is the author's text: keep what a real algorithm's name can be.
        alg: header.alg.chars().filter(|c| c.is_ascii_alphanumeric() || "-+_".contains(*c)).take(32).collect(),
        unsigned,
    })
}

fn part<T: for<'de> Deserialize<'de>>(text: &str) -> Option<T> {
    serde_json::from_slice(&BASE64URL.decode(text).ok()?).ok()
}

/// The host of an `https` issuer, without port; other issuers may be names of people or machines.
fn host(issuer: &str) -> Option<String> {
    let rest = issuer.strip_prefix("https://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    let valid = !host.is_empty()
        && host.len() <= 253
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
    valid.then(|| host.to_ascii_lowercase())
}

/// What is wrong with a token at the moment `now`, in the order of weight. Servers may allow some leeway; 300 seconds are usual.
#[must_use]
pub fn problems(jwt: &Jwt, now: jiff::Timestamp, leeway_seconds: i64) -> Vec<JwtProblem> {
    #[allow(clippy::cast_precision_loss)]
    let (now, leeway) = (now.as_second() as f64, leeway_seconds.max(0) as f64);
    let mut problems = Vec::new();
    if jwt.unsigned {
        problems.push(JwtProblem::Unsigned);
    }
    let claims = [(Claim::Exp, jwt.exp), (Claim::Nbf, jwt.nbf), (Claim::Iat, jwt.iat)];
    let wrong = |(claim, time): (Claim, Option<f64>)| {
        time.filter(|t| *t > MILLISECONDS_FROM).map(|_| JwtProblem::Milliseconds(claim))
    };
    problems.extend(claims.into_iter().filter_map(wrong));
    let seconds = |time: Option<f64>| time.filter(|time| *time <= MILLISECONDS_FROM);
    let (exp, nbf, iat) = (seconds(jwt.exp), seconds(jwt.nbf), seconds(jwt.iat));
    if let Some(exp) = exp {
        if iat.is_some_and(|iat| exp <= iat) || nbf.is_some_and(|nbf| exp < nbf) {
            problems.push(JwtProblem::NeverValid);
        }
        if now >= exp {
            problems.push(JwtProblem::Expired { seconds_ago: now - exp, within_leeway: now - exp <= leeway });
        }
    }
    if let Some(nbf) = nbf.filter(|nbf| now < *nbf) {
        problems.push(JwtProblem::NotYetValid { seconds_left: nbf - now, within_leeway: nbf - now <= leeway });
    }
    if let Some(iat) = iat.filter(|iat| *iat - now > leeway) {
        problems.push(JwtProblem::IssuedInFuture { seconds_ahead: iat - now });
    }
    if jwt.exp.is_none() {
        problems.push(JwtProblem::NoExpiry);
    }
    problems
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;

    use super::*;

    fn token(header: &str, payload: &str, signature: &str) -> String {
        format!("{}.{}.{signature}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload))
    }

    fn at(second: i64) -> jiff::Timestamp {
        jiff::Timestamp::from_second(second).unwrap()
    }

    fn found(payload: &str, now: i64) -> Vec<JwtProblem> {
        problems(&decode(&token(r#"{"alg":"RS256"}"#, payload, "c2ln")).unwrap(), at(now), 300)
    }

    #[test]
    fn times_and_issuer_are_read_and_nothing_else() {
        let value = token(
            r#"{"alg":"RS256","kid":"x"}"#,
            r#"{"exp":2000,"iat":1000.5,"iss":"https://login.example.com:443/t/v2.0","email":"someone@example.com","sub":"u1"}"#,
            "c2ln",
        );
        let jwt = decode(&value).unwrap();
        assert_eq!((jwt.exp, jwt.iat, jwt.nbf), (Some(2000.0), Some(1000.5), None));
        assert_eq!(jwt.issuer_host.as_deref(), Some("login.example.com"));
        assert!(!format!("{jwt:?}").contains("someone"));
    }

    #[test]
    fn expiry_start_and_issue_are_compared_with_now() {
        assert_eq!(found(r#"{"exp":2000}"#, 1000), []);
        assert_eq!(found(r#"{"exp":2000}"#, 2000), [JwtProblem::Expired { seconds_ago: 0.0, within_leeway: true }]);
        assert_eq!(found(r#"{"exp":2000}"#, 9000), [JwtProblem::Expired { seconds_ago: 7000.0, within_leeway: false }]);
        assert_eq!(
            found(r#"{"exp":9000,"nbf":5000}"#, 1000),
            [JwtProblem::NotYetValid { seconds_left: 4000.0, within_leeway: false }]
        );
        assert_eq!(found(r#"{"exp":9000,"iat":5000}"#, 1000), [JwtProblem::IssuedInFuture { seconds_ahead: 4000.0 }]);
        assert_eq!(found(r#"{"exp":9000,"iat":1100}"#, 1000), []);
        assert_eq!(found(r#"{"exp":3000,"iat":3000}"#, 2990), [JwtProblem::NeverValid]);
        assert_eq!(found("{}", 0), [JwtProblem::NoExpiry]);
    }

    #[test]
    fn milliseconds_are_not_taken_for_a_date() {
        assert_eq!(
            found(r#"{"exp":1790000000000,"iat":1700000000}"#, 1_800_000_000),
            [JwtProblem::Milliseconds(Claim::Exp)]
        );
    }

    #[test]
    fn unsigned_tokens_are_known() {
        let jwt = decode(&token(r#"{"alg":"NoNe"}"#, r#"{"exp":10}"#, "")).unwrap();
        assert!(jwt.unsigned && problems(&jwt, at(0), 300) == [JwtProblem::Unsigned]);
    }

    #[test]
    fn everything_else_is_no_token() {
        let cases = [
            String::new(),
            "eyJ.eyJ.x".into(),
            "a.b.c".into(),
            format!("{}.x.y", token(r#"{"alg":"dir"}"#, "{}", "z")),
            token(r#"{"alg":"RS256"}"#, "{}", ""),
            token(r#"{"typ":"JWT"}"#, "{}", "c2ln"),
            token(r#"{"alg":"RS256"}"#, "[1]x", "c2ln"),
        ];
        for value in cases {
            assert_eq!(decode(&value), None, "{value}");
        }
        assert!(
            decode(&token(r#"{"alg":"A"}"#, r#"{"exp":"soon","iss":7}"#, "c2ln")).is_some_and(|jwt| jwt.exp.is_none())
        );
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(header in "\\PC{0,20}", payload in "\\PC{0,40}", raw in "\\PC{0,60}") {
            let _ = decode(&raw);
            if let Some(jwt) = decode(&token(&header, &payload, "x")) {
                let _ = problems(&jwt, at(0), i64::MIN);
            }
        }
    }
}
