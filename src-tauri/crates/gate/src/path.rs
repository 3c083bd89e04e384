//! Which API sets a path asks for. A proxy, the application behind it and this gate may each read a path in their own
//! way. So nothing is made regular here: what could be read in two ways is refused.

use std::str::FromStr;

use percent_encoding::percent_decode_str;

/// Which API sets the paths of an application ask for.
#[derive(Debug, Clone, Default)]
pub struct Requirements {
    rules: Vec<Requirement>,
}

/// `PATH-PREFIX=API SET`.
///
/// ```
/// use latchkey_gate::Requirement;
///
/// assert!("/billing=Billing".parse::<Requirement>().is_ok());
/// // The comparison is of whole segments: no star is needed, and none is allowed.
/// assert!("/billing/*=Billing".parse::<Requirement>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Letters, digits, `-`, `_` and inner dots only: these are written in one way.
    segments: Vec<String>,
    api_set: String,
}

/// Why a text is no [`Requirement`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequirementError {
    /// There is no `=`, or nothing on one side of it.
    #[error("it is not of the form PATH-PREFIX=API SET")]
    Form,
    /// The prefix does not begin with a slash.
    #[error("the path prefix does not begin with /")]
    Relative,
    /// The prefix has something that can be written in more than one way.
    #[error("the path prefix has other characters than letters, digits, - _ . and single slashes")]
    Characters,
}

/// Could be read in two ways that differ in what it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ambiguous;

impl FromStr for Requirement {
    type Err = RequirementError;

    fn from_str(text: &str) -> Result<Self, RequirementError> {
        let (prefix, api_set) = text.split_once('=').ok_or(RequirementError::Form)?;
        if prefix.is_empty() || api_set.trim().is_empty() {
            return Err(RequirementError::Form);
        }
        let segments = prefix.strip_prefix('/').ok_or(RequirementError::Relative)?;
        let segments = segments.strip_suffix('/').unwrap_or(segments);
        let segments: Vec<String> = if segments.is_empty() && prefix != "//" {
            Vec::new()
        } else {
            segments.split('/').map(str::to_owned).collect()
        };
        if !segments.iter().all(|segment| is_plain(segment)) {
            return Err(RequirementError::Characters);
        }
        Ok(Self { segments, api_set: api_set.trim().to_owned() })
    }
}

impl FromIterator<Requirement> for Requirements {
    fn from_iter<T: IntoIterator<Item = Requirement>>(rules: T) -> Self {
        Self { rules: rules.into_iter().collect() }
    }
}

impl Requirements {
    /// Whether no path asks for anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The API sets that this path asks for: those of the longest prefix, all of them where it is named more than once.
    /// `target` is what the client asked for, with or without a query.
    pub fn of(&self, target: &str) -> Result<Vec<&str>, Ambiguous> {
        if self.is_empty() {
            return Ok(Vec::new());
        }
        let path = target.split('?').next().unwrap_or_default();
        let segments = segments(path)?;
        let mut longest: Vec<&Requirement> = Vec::new();
        for rule in &self.rules {
            if rule.covers(&segments)? {
                let length = longest.first().map_or(0, |rule| rule.segments.len());
                if rule.segments.len() > length {
                    longest.clear();
                }
                if rule.segments.len() >= length {
                    longest.push(rule);
                }
            }
        }
        Ok(longest.into_iter().map(|rule| rule.api_set.as_str()).collect())
    }
}

impl Requirement {
    fn covers(&self, path: &[&str]) -> Result<bool, Ambiguous> {
        for (place, own) in self.segments.iter().enumerate() {
            let Some(&other) = path.get(place) else { return Ok(false) };
            if own == other {
                continue;
            }
            return if may_be_read_as(other, own) { Err(Ambiguous) } else { Ok(false) };
        }
        Ok(true)
    }
}

/// The segments of a path, none of which leads elsewhere however it is read.
fn segments(path: &str) -> Result<Vec<&str>, Ambiguous> {
    let inner = path.strip_prefix('/').ok_or(Ambiguous)?;
    // A slash at the end is common, and leads nowhere else.
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    if inner.is_empty() {
        return if path.len() > 1 { Err(Ambiguous) } else { Ok(Vec::new()) };
    }
    inner.split('/').map(|segment| if is_tame(segment) { Ok(segment) } else { Err(Ambiguous) }).collect()
}

/// Whether there is one way to write it.
fn is_plain(segment: &str) -> bool {
    segment.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        && !segment.is_empty()
        && !segment.ends_with('.')
}

/// Whether it is one segment however it is read: nothing that becomes a separator or an end, and no step elsewhere.
fn is_tame(segment: &str) -> bool {
    if segment.is_empty() || !segment.bytes().all(|b| b.is_ascii_graphic() && b != b'\\' && b != b'#') {
        return false;
    }
    let Some(decoded) = decoded(segment) else { return false };
    let is_torn = decoded.contains(['/', '\\']) || decoded.contains(char::is_control);
    // Decoded twice it would be something else. Then `%` stands before two digits.
    let is_nested = percent_decode_str(&decoded).ne(decoded.bytes());
    // Windows drops dots and blanks at the end, servlets what follows a semicolon, and who decodes before parting a
    // path from its query and its fragment, those.
    let name = decoded.split([';', ':', '?', '#']).next().unwrap_or_default();
    let is_step = name.chars().all(|c| c == '.' || c.is_whitespace());
    !(is_torn || is_nested || is_step)
}

/// What percent-encoding stands for; `None` where it is broken or no text.
fn decoded(segment: &str) -> Option<String> {
    let mut rest = segment;
    while let Some((_, after)) = rest.split_once('%') {
        if !after.as_bytes().get(..2)?.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        rest = &after[2..];
    }
    percent_decode_str(segment).decode_utf8().ok().map(String::from)
}

/// Whether somebody could take a segment for the plain one that it is not.
fn may_be_read_as(segment: &str, plain: &str) -> bool {
    let Some(decoded) = decoded(segment) else { return true };
    // Letters beyond ASCII are folded, composed and replaced in many ways: Kelvin's sign is a k to some.
    // `LONGNA~1` is a short name of Windows.
    let has_short_name = decoded.as_bytes().windows(2).any(|pair| pair[0] == b'~' && pair[1].is_ascii_digit());
    if !decoded.is_ascii() || has_short_name {
        return true;
    }
    let name = decoded.split([';', ':', '?', '#']).next().unwrap_or_default();
    let name = name.replace('+', " ");
    name.trim_start().trim_end_matches([' ', '.']).eq_ignore_ascii_case(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rules(texts: &[&str]) -> Requirements {
        texts.iter().map(|text| text.parse::<Requirement>().unwrap()).collect()
    }

    #[test]
    fn the_longest_prefix_wins_segment_by_segment() {
        let rules = rules(&["/=Any", "/admin=Admin", "/admin/public=Public", "/admin/public=Reader"]);
        for (path, sets) in [
            ("/", &["Any"][..]),
            ("/?next=/admin", &["Any"]),
            ("/administrators", &["Any"]),
            ("/other/admin", &["Any"]),
            ("/admin", &["Admin"]),
            ("/admin/", &["Admin"]),
            ("/admin?x=/admin/public", &["Admin"]),
            ("/admin/users/%C3%84rger", &["Admin"]),
            ("/admin/publicity", &["Admin"]),
            ("/admin/public", &["Public", "Reader"]),
            ("/admin/public/things:batch", &["Public", "Reader"]),
            ("/B%C3%BCcher", &[]),
        ] {
            let found = rules.of(path);
            if sets.is_empty() {
                assert_eq!(found, Err(Ambiguous), "{path}");
            } else {
                assert_eq!(found.as_deref(), Ok(sets), "{path}");
            }
        }
    }

    #[test]
    fn without_requirements_no_path_asks_for_anything() {
        assert_eq!(rules(&[]).of("//../%00"), Ok(vec![]));
        assert_eq!(rules(&["/admin=Admin"]).of("/public/100%25/a%20b"), Ok(vec![]));
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        let rules = rules(&["/=Any", "/admin=Admin", "/v1/keys=Keys"]);
        let bad = [
            "",
            "admin",
            "*",
            "host:80",
            "http://host/admin",
            "//admin",
            "/./admin",
            "/x/../admin",
            "/x/..;/admin",
            "/x/%2e%2e/admin",
            "/x/.%2E/admin",
            "/x/%252e%252e/admin",
            "/x%2Fadmin",
            "/x%2f..%2fadmin",
            "/x%5cadmin",
            "/x\\..\\admin",
            "/Admin",
            "/ADMIN/x",
            "/%61dmin",
            "/adm%69n",
            "/admin%20",
            "/admin.",
            "/admin;x=1",
            "/admin::$DATA",
            "/admin%00",
            "/admin%3Fx",
            "/admin%23x",
            "/ADMIN~1",
            "/adm%C4%B1n",
            "/%EF%BD%81dmin",
            "/%",
            "/%2",
            "/%zz",
            "/x/%ff",
            "/v1//keys",
            "/v1/keyS",
            "/v1/ke%79s",
            "/v1/\u{212a}eys",
            "/.../admin",
            "/%20/admin",
            "/x/. ./admin",
            "/a\tb",
            "/x#/../admin",
            "/v1/%E2%84%AAeys",
            "/x/%0d%0a",
            "/x/%25%32%65",
            "/x/;/admin",
            "/admin/..%23",
            "/admin/..%3Fx",
            "/admin/%23x",
            "/+admin",
        ];
        for path in bad {
            assert_eq!(rules.of(path), Err(Ambiguous), "{path}");
        }
    }

    #[test]
    fn requirements_are_of_plain_paths() {
        for (text, error) in [
            ("/billing", RequirementError::Form),
            ("=Billing", RequirementError::Form),
            ("/billing=", RequirementError::Form),
            ("billing=Billing", RequirementError::Relative),
            ("//=Billing", RequirementError::Characters),
            ("/a//b=Billing", RequirementError::Characters),
            ("/a/../b=Billing", RequirementError::Characters),
            ("/%61=Billing", RequirementError::Characters),
            ("/Bücher=Billing", RequirementError::Characters),
        ] {
            assert_eq!(text.parse::<Requirement>(), Err(error), "{text}");
        }
        let rule: Requirement = "/a/b/=files:read=x".parse().unwrap();
        assert_eq!((rule.segments.join("/"), rule.api_set.as_str()), ("a/b".into(), "files:read=x"));
    }

    /// How generous a server may be.
    fn readings(path: &str) -> Vec<String> {
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let without_parameters = |text: &str| {
            text.split('/')
                .map(|segment| segment.split([';', ':']).next().unwrap_or_default())
                .collect::<Vec<_>>()
                .join("/")
        };
        let trimmed =
            |text: &str| text.split('/').map(|s| s.trim_end_matches([' ', '.'])).collect::<Vec<_>>().join("/");
        let path = path.split('?').next().unwrap_or_default().to_owned();
        let mut all = vec![path.clone(), decode(&path), decode(&decode(&path))];
        all.extend(all.clone().iter().map(|text| text.replace('\\', "/")));
        all.extend(all.clone().iter().map(|text| text.split(['?', '#', '\0']).next().unwrap_or_default().to_owned()));
        all.extend(all.clone().iter().map(|text| without_parameters(text)));
        let mut all: Vec<String> = all.iter().map(|text| resolved(text)).collect();
        all.extend(all.clone().iter().map(|text| trimmed(text)));
        all.iter().map(|text| text.to_ascii_lowercase()).collect()
    }

    /// Without empty segments and dots.
    fn resolved(path: &str) -> String {
        let mut segments: Vec<&str> = Vec::new();
        for segment in path.split('/') {
            match segment {
                "" | "." => {}
                ".." => drop(segments.pop()),
                other => segments.push(other),
            }
        }
        format!("/{}", segments.join("/"))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// Who is let through without the API set is not let into what needs it by any server.
        #[test]
        fn no_reading_of_a_path_gets_around_what_it_asks_for(
            pieces in prop::collection::vec(
                prop_oneof![
                    Just("/"), Just("admin"), Just("Admin"), Just("%61dmin"), Just("adm"), Just("in"), Just("."),
                    Just(".."), Just("%2e"), Just("%2F"), Just("%5C"), Just("\\"), Just("%25"), Just("2e"), Just("2f"),
                    Just(";"), Just(":"), Just("~1"), Just("%00"), Just("%20"), Just("?"), Just("%3f"), Just("#"),
                    Just("%23"), Just("x"), Just("public"),
                ],
                0..12,
            )
        ) {
            let path = format!("/{}", pieces.concat());
            let rules = rules(&["/=Any", "/admin=Admin", "/public=Public"]);
            if let Ok(sets) = rules.of(&path) {
                for reading in readings(&path) {
                    let wanted = match resolved(&reading).split('/').nth(1) {
                        Some("admin") => "Admin",
                        Some("public") => "Public",
                        _ => "Any",
                    };
                    prop_assert_eq!(&sets, &[wanted], "{} read as {}", &path, reading);
                }
            }
        }

        #[test]
        fn no_text_makes_it_fail(path in ".*") {
            let _ = rules(&["/admin=Admin"]).of(&path);
        }
    }
}
