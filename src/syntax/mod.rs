//! Text to spanned trees: JSON5 for configs, the dotenv grammar for env files. Nothing here knows about OpenClaw.

pub mod dotenv;
pub mod json5;
