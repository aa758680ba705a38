//! What a rule file has in short, or as an object with one member that says what it is.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Either form. serde's untagged enums would keep a copy of the value and try one variant after the other.
pub(super) enum Written<Short, Long> {
    /// A text or a list.
    Short(Short),
    /// An object.
    Long(Long),
}

impl<'de, Short: Deserialize<'de>, Long: Deserialize<'de>> Deserialize<'de> for Written<Short, Long> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Forms(PhantomData))
    }
}

struct Forms<Short, Long>(PhantomData<(Short, Long)>);

impl<'de, Short: Deserialize<'de>, Long: Deserialize<'de>> Visitor<'de> for Forms<Short, Long> {
    type Value = Written<Short, Long>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a list, or an object with one member")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Short::deserialize(text.into_deserializer()).map(Written::Short)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        Short::deserialize(SeqAccessDeserializer::new(list)).map(Written::Short)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        Long::deserialize(MapAccessDeserializer::new(object)).map(Written::Long)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_neither_is_told_what_it_can_be() {
        let error = serde_json::from_str::<Written<String, bool>>("1").err().map(|error| error.to_string());
        assert!(error.unwrap_or_default().contains("expected a text, a list, or an object with one member"));
    }
}
