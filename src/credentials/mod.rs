//! Provider facts: key formats, markers, placeholders, JWTs.
