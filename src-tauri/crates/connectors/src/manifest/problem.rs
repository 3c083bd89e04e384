use std::collections::HashMap;
use std::fmt;

use serde_json::value::RawValue;

/// What is wrong with a manifest, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, the first being 1.
    pub line: usize,
    /// The character in it, the first being 1.
    pub column: usize,
    /// What is wrong, in words.
    pub message: String,
}

impl Problem {
    /// A problem of what a JSON Pointer leads to in the source.
    pub(super) fn at(source: &str, pointer: &str, message: impl Into<String>) -> Self {
        let offset = offset(source, pointer);
        let before = &source[..offset];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        Self { line, column, message: message.into() }
    }

    /// What the JSON reader refuses, in its words without the place that it adds.
    pub(super) fn of_json(error: &serde_json::Error) -> Self {
        let message = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        Self {
            line: error.line().max(1),
            column: error.column().max(1),
            message: message.strip_suffix(&place).unwrap_or(&message).to_owned(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for Problem {}

/// Where the value begins in the source; of a member that is not there, where what should have it begins.
fn offset(source: &str, pointer: &str) -> usize {
    let Ok(mut value) = serde_json::from_str::<&RawValue>(source) else { return 0 };
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        let inner = match token.parse::<usize>() {
            Ok(at) if value.get().starts_with('[') => {
                serde_json::from_str::<Vec<&RawValue>>(value.get()).ok().and_then(|all| all.get(at).copied())
            }
            _ => serde_json::from_str::<HashMap<String, &RawValue>>(value.get())
                .ok()
                .and_then(|members| members.get(&token).copied()),
        };
        match inner {
            Some(inner) => value = inner,
            None => break,
        }
    }
    // The value is a stretch of the source itself.
    value.get().as_ptr().addr().saturating_sub(source.as_ptr().addr()).min(source.len())
}

#[cfg(test)]
mod tests {
    use super::Problem;

    #[test]
    fn a_problem_knows_its_line() {
        let source = "{\n  \"a/b\": [\n    1,\n    {\"x\": \"y\"}\n  ]\n}";
        let place = |pointer: &str| {
            let problem = Problem::at(source, pointer, "no");
            (problem.line, problem.column)
        };
        assert_eq!(place(""), (1, 1));
        assert_eq!(place("/a~1b/0"), (3, 5));
        assert_eq!(place("/a~1b/1/x"), (4, 11));
        assert_eq!(place("/a~1b/1/missing"), (4, 5));
    }
}
