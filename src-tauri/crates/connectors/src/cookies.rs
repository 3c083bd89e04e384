//! The cookies of a session: what a server sets, and what goes along with the next request.
//!
//! Only a server that was signed in to has any, each tenant's own. A cookie goes to the origin that set it and to no
//! other, since no other is ever asked; the rest of what a cookie says of its way is therefore not looked at.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use cookie::Cookie;
use latchkey_domain::secret::Secret;
use zeroize::Zeroizing;

/// The most cookies of a session.
const MAX_COOKIES: usize = 50;
/// The most bytes of one.
const MAX_BYTES: usize = 4 * 1024;

/// Cookies by their names.
#[derive(Debug, Default)]
pub(crate) struct Jar(BTreeMap<String, Secret>);

impl Jar {
    /// Reads what [`Self::header`] wrote.
    pub(crate) fn read(header: &Secret) -> Self {
        let pairs = header.expose().split("; ").filter_map(|pair| pair.split_once('='));
        Self(pairs.map(|(name, value)| (name.to_owned(), Secret::new(value.to_owned()))).collect())
    }

    /// Takes what a server set at `now`, or takes away what it took away. Says whether anything was set.
    pub(crate) fn take(&mut self, set: &[Zeroizing<String>], now: DateTime<Utc>) -> bool {
        let mut is_new = false;
        for line in set.iter().filter(|line| line.len() <= MAX_BYTES) {
            let Ok(cookie) = Cookie::parse(line.as_str()) else { continue };
            let (name, value) = cookie.name_value();
            if is_over(&cookie, now) {
                self.0.remove(name);
            } else if is_plain(value) && (self.0.len() < MAX_COOKIES || self.0.contains_key(name)) {
                let before = self.0.insert(name.to_owned(), Secret::new(value.to_owned()));
                is_new |= before.is_none_or(|before| before.expose() != value);
            }
        }
        is_new
    }

    /// Only those of these names.
    pub(crate) fn only(mut self, names: &[String]) -> Self {
        self.0.retain(|name, _| names.contains(name));
        self
    }

    /// As they go along with a request; `None` where there are none.
    pub(crate) fn header(&self) -> Option<Secret> {
        let length = self.0.iter().map(|(name, value)| name.len() + value.expose().len() + 3).sum();
        // Large enough from the start: a text that grows leaves its old bytes behind unwiped.
        let mut header = Zeroizing::new(String::with_capacity(length));
        for (name, value) in &self.0 {
            if !header.is_empty() {
                header.push_str("; ");
            }
            header.push_str(name);
            header.push('=');
            header.push_str(value.expose());
        }
        (!header.is_empty()).then(|| Secret::new(std::mem::take(&mut *header)))
    }

    /// What must not be repeated by anybody.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.0.values()
    }
}

/// A server takes a cookie away by setting it with an end that is over.
fn is_over(cookie: &Cookie<'_>, now: DateTime<Utc>) -> bool {
    let ended = cookie.expires_datetime().is_some_and(|end| end.unix_timestamp() <= now.timestamp());
    // What is said in seconds counts before the moment.
    cookie.max_age().map_or(ended, |age| age.whole_seconds() <= 0) || cookie.value().is_empty()
}

/// Whether it can go back as it came.
fn is_plain(value: &str) -> bool {
    value.bytes().all(|byte| matches!(byte, 0x21..=0x7e) && byte != b';')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono::{DateTime, Utc};
    use zeroize::Zeroizing;

    use super::Jar;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_255_200, 0).unwrap()
    }

    fn jar(set: &[&str]) -> Jar {
        let mut jar = Jar::default();
        take(&mut jar, set);
        jar
    }

    fn take(jar: &mut Jar, set: &[&str]) -> bool {
        let set: Vec<_> = set.iter().map(|line| Zeroizing::new((*line).to_owned())).collect();
        jar.take(&set, now())
    }

    fn header(jar: &Jar) -> String {
        jar.header().map(|header| header.expose().to_owned()).unwrap_or_default()
    }

    #[test]
    fn what_a_server_sets_goes_along_and_what_it_ends_does_not() {
        let mut jar = jar(&[
            "sessionId=abc.d%3D; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000",
            "csrfToken=\"q=1\"; Secure",
            "theme=dark; Expires=Fri, 31 Dec 9999 23:59:59 GMT",
        ]);
        assert_eq!(header(&jar), "csrfToken=\"q=1\"; sessionId=abc.d%3D; theme=dark");
        assert!(!take(&mut jar, &["sessionId=abc.d%3D; Max-Age=1"]), "the same again is nothing new");
        assert!(take(&mut jar, &["sessionId=next"]));
        for over in ["sessionId=; Path=/", "csrfToken=x; Max-Age=0", "theme=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT"] {
            assert!(!take(&mut jar, &[over]));
        }
        assert_eq!(header(&jar), "");
    }

    #[test]
    fn what_cannot_go_back_is_not_taken() {
        let long = format!("a={}", "x".repeat(5_000));
        let set = ["no name", "=x", "a=b c", "a=\u{fc}", "b=1\u{0}", long.as_str()];
        assert_eq!(header(&jar(&set)), "");
        let many: Vec<String> = (0..80).map(|number| format!("c{number}=x")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(jar(&many).secrets().count(), 50);
    }

    #[test]
    fn a_session_is_the_cookies_that_it_names() {
        let jar = jar(&["a=1", "b=2=3", "c=4"]).only(&["b".to_owned(), "c".to_owned(), "d".to_owned()]);
        let header = jar.header().unwrap();
        assert_eq!(header.expose(), "b=2=3; c=4");
        assert_eq!(Jar::read(&header).header().unwrap().expose(), header.expose());
    }
}
