use serde::Deserialize;

/// Text with placeholders in braces: `/keys/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Text {
    written: String,
    parts: Vec<Part>,
}

/// A stretch of a [`Text`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Stands as it is.
    Fixed(String),
    /// Is filled in.
    Value(Value),
}

/// What a placeholder stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // `docs/connectors.md` has the table.
pub enum Value {
    Id,
    Name,
    Description,
    ApiSets,
    ExpiresDays,
    ExpiresAt,
    ExpiresChoice,
    Owner,
    Organization,
    Groups,
    Page,
    Offset,
    Cursor,
    Secret,
    Option(String),
    Credential(String),
    Answer(String),
    Captured(String),
}

impl Text {
    /// Its stretches in order.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// As the manifest has it.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// What is filled in.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.parts.iter().filter_map(|part| match part {
            Part::Fixed(_) => None,
            Part::Value(value) => Some(value),
        })
    }

    /// The value, where the text is one placeholder and nothing else.
    #[must_use]
    pub fn only_value(&self) -> Option<&Value> {
        match self.parts.as_slice() {
            [Part::Value(value)] => Some(value),
            _ => None,
        }
    }
}

impl TryFrom<String> for Text {
    type Error = String;

    fn try_from(written: String) -> Result<Self, Self::Error> {
        let mut parts = Vec::new();
        let mut rest = written.as_str();
        while let Some(at) = rest.find(['{', '}']) {
            let (fixed, from) = rest.split_at(at);
            if !fixed.is_empty() {
                parts.push(Part::Fixed(fixed.to_owned()));
            }
            let name = from
                .strip_prefix('{')
                .and_then(|inside| inside.split_once('}'))
                .ok_or_else(|| format!("`{written}` has a brace without its other one"))?;
            parts.push(Part::Value(Value::named(name.0)?));
            rest = name.1;
        }
        if !rest.is_empty() {
            parts.push(Part::Fixed(rest.to_owned()));
        }
        Ok(Self { written, parts })
    }
}

impl Value {
    fn named(name: &str) -> Result<Self, String> {
        Ok(match name {
            "id" => Self::Id,
            "name" => Self::Name,
            "description" => Self::Description,
            "api_sets" => Self::ApiSets,
            "expires_days" => Self::ExpiresDays,
            "expires_at" => Self::ExpiresAt,
            "expires_choice" => Self::ExpiresChoice,
            "owner" => Self::Owner,
            "organization" => Self::Organization,
            "groups" => Self::Groups,
            "page" => Self::Page,
            "offset" => Self::Offset,
            "cursor" => Self::Cursor,
            "secret" => Self::Secret,
            other => match other.split_once('.') {
                Some(("option", id)) => Self::Option(id.to_owned()),
                Some(("credential", id)) => Self::Credential(id.to_owned()),
                Some(("answer", id)) => Self::Answer(id.to_owned()),
                Some(("captured", name)) => Self::Captured(name.to_owned()),
                _ => return Err(format!("`{{{other}}}` stands for nothing that Latchkey knows")),
            },
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Part, Text, Value};

    #[test]
    fn text_falls_into_fixed_parts_and_values() {
        let text = Text::try_from("/keys/{id}/on".to_owned()).unwrap();
        let expected = [Part::Fixed("/keys/".to_owned()), Part::Value(Value::Id), Part::Fixed("/on".to_owned())];
        assert_eq!(text.parts(), expected);
        assert_eq!(Text::try_from("{api_sets}".to_owned()).unwrap().only_value(), Some(&Value::ApiSets));
        assert_eq!(
            Text::try_from("{option.team}".to_owned()).unwrap().only_value(),
            Some(&Value::Option("team".into()))
        );
    }

    #[test]
    fn braces_come_in_pairs_and_hold_known_names() {
        for (wrong, says) in [("{id", "brace"), ("id}", "brace"), ("{nobody}", "nothing"), ("{a{id}}", "nothing")] {
            let said = Text::try_from(wrong.to_owned()).unwrap_err();
            assert!(said.contains(says), "{wrong}: {said}");
        }
    }
}
