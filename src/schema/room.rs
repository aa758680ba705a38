//! Whether a value could stand under another name, for suggestions: a slip of the pen changes a name, not what it names.

use crate::project::{Kind, Value};

use super::store::SchemaRef;

/// Whether a schema has room for a value of this kind: for an object, one with a key that it knows; else for anything that is
/// no object. What is wrong in itself fits: `"18789"` where a number belongs, a text where a list of them does.
pub(super) fn has_room(schema: SchemaRef<'_>, value: &Value) -> bool {
    if let Some(answer) = schema.node().as_bool() {
        return answer;
    }
    let members = match &value.kind {
        Kind::Object(members) => Some(members),
        _ => None,
    };
    let is_object = |name: &str| name == "object";
    let typed = schema.keyword("type").is_none_or(|types| {
        let several = types.as_array().into_iter().flatten().filter_map(|name| name.as_str());
        let mut names = types.as_str().into_iter().chain(several);
        if members.is_some() { names.any(is_object) } else { names.any(|name| !is_object(name)) }
    });
    let any_branch = |keyword| {
        let mut branches = schema.branches(keyword).peekable();
        branches.peek().is_none() || branches.any(|branch| has_room(branch, value))
    };
    let knows_one = || {
        let Some(members) = members.filter(|members| !members.is_empty() && schema.is_closed()) else { return true };
        schema.node().get("patternProperties").is_some()
            || members.iter().any(|member| schema.property(&member.key).is_some())
    };
    typed && any_branch("anyOf") && any_branch("oneOf") && knows_one()
}

/// Whether a schema is of objects that know most members of a value, which has some.
pub(super) fn holds_members(schema: SchemaRef<'_>, value: &Value) -> bool {
    let members = value.members();
    let known = members.iter().filter(|member| schema.property(&member.key).is_some()).count();
    known * 2 > members.len()
}

/// The one property of a schema that knows every member of an object, which has some.
pub(super) fn holder<'s>(schema: SchemaRef<'s>, value: &Value) -> Option<&'s str> {
    let members = value.members();
    let knows_all = |child: SchemaRef<'_>| members.iter().all(|member| child.property(&member.key).is_some());
    let mut holders = schema.properties().filter(|(_, child)| !members.is_empty() && knows_all(*child));
    holders.next().filter(|_| holders.next().is_none()).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::project;
    use crate::source::FileId;
    use crate::syntax::json5;

    #[test]
    fn kinds_and_keys_decide() {
        let closed = json!({"type": "object", "properties": {"defaults": {}}, "additionalProperties": false});
        let text = json!({"type": ["string", "null"]});
        let either = json!({"anyOf": [{"type": "number"}, closed]});
        for (schema, value, expected) in [
            (&closed, "{ defaults: 1 }", true),
            (&closed, "{ defaults: 1, other: 2 }", true),
            (&closed, "{}", true),
            (&closed, "{ other: 2 }", false),
            (&closed, "'text'", false),
            (&text, "'text'", true),
            (&text, "['text']", true),
            (&text, "7", true),
            (&text, "{}", false),
            (&either, "'18789'", true),
            (&either, "{ defaults: 1 }", true),
            (&either, "{ other: 2 }", false),
            (&json!(true), "{ other: 2 }", true),
            (&json!({}), "{ other: 2 }", true),
        ] {
            let parsed = project::plain(FileId(0), &json5::parse(value, &json5::Options::default())).unwrap();
            assert_eq!(has_room(SchemaRef::from(schema), &parsed), expected, "{schema} {value}");
        }
    }

    #[test]
    fn one_property_holds_all() {
        let schema = json!({"properties": {
            "defaults": {"properties": {"model": {}, "workspace": {}}},
            "other": {"properties": {"workspace": {}}},
        }});
        for (value, expected) in [
            ("{ model: 'm' }", Some("defaults")),
            ("{ model: 'm', workspace: 'w' }", Some("defaults")),
            ("{ workspace: 'w' }", None),
            ("{ model: 'm', wrong: 1 }", None),
            ("{}", None),
            ("'model'", None),
        ] {
            let parsed = project::plain(FileId(0), &json5::parse(value, &json5::Options::default())).unwrap();
            assert_eq!(holder(SchemaRef::from(&schema), &parsed), expected, "{value}");
        }
    }
}
