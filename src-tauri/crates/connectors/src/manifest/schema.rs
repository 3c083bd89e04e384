//! The JSON Schema of the types that check themselves.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, json_schema};

use super::{Id, Manifest, Pointer, StatusRange, Text, Version};

/// The schema of manifests, for editors and for other programs (JSON Schema, draft 2020-12).
#[must_use]
pub fn schema() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Manifest>()
}

macro_rules! schema_of {
    ($type:ty, $name:literal, $($schema:tt)+) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ $($schema)+ })
            }
        }
    };
}

schema_of!(Version, "Version", "description": "The version of the format.", "const": 1);
schema_of!(
    Id, "Id",
    "description": "2 to 32 lower-case letters, digits and hyphens, beginning with a letter.",
    "type": "string",
    "pattern": "^[a-z][a-z0-9-]{1,31}$"
);
schema_of!(
    Pointer, "Pointer",
    "description": "A place in a JSON document (RFC 6901); nothing for the whole document.",
    "type": "string",
    "pattern": "^(/([^~]|~[01])*)?$"
);
schema_of!(
    Text, "Text",
    "description": "Text with placeholders in braces: /keys/{id}.",
    "type": "string"
);
schema_of!(
    StatusRange, "StatusRange",
    "description": "A status of HTTP, or a hundred of them: 403, \"4xx\".",
    "oneOf": [
        { "type": "integer", "minimum": 100, "maximum": 599 },
        { "type": "string", "pattern": "^[1-5]xx$" }
    ]
);
