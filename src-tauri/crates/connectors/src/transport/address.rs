use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use latchkey_domain::field::Rule;
use url::{Host, Url};

use super::Loss;

/// The address of a tenant: a scheme, a host, perhaps a port and a path.
///
/// Fails with [`Loss::Address`] where it is none or has a user, a password, a query or a fragment.
pub fn base(text: &str) -> Result<Url, Loss> {
    let text = text.trim();
    let wrong = |says: &str| Loss::Address(says.to_owned());
    let url = Url::parse(text).map_err(|error| match error {
        url::ParseError::RelativeUrlWithoutBase => wrong("it begins with https://"),
        other => Loss::Address(other.to_string()),
    })?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(wrong("it begins with https://"));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(wrong("it names no server"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("it has a user or a password in it; credentials have a place of their own"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("it ends before `?` and `#`"));
    }
    Ok(url)
}

/// The address of a proxy.
///
/// Fails with [`Rule::NotAProxy`], or with [`Rule::PasswordInside`] where it has a user or a password: it is kept where
/// secrets are not.
pub fn proxy(text: &str) -> Result<Url, Rule> {
    let url = Url::parse(text.trim()).map_err(|_| Rule::NotAProxy)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Rule::PasswordInside);
    }
    let is_way = matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h");
    let names_server = url.host_str().is_some_and(|host| !host.is_empty());
    let ends = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
    if is_way && names_server && ends { Ok(url) } else { Err(Rule::NotAProxy) }
}

/// Whether requests there go to another computer without encryption.
#[must_use]
pub fn is_plain(url: &Url) -> bool {
    url.scheme() == "http" && !is_loopback(url)
}

/// That a request may go there at all: HTTPS, or plain HTTP within this computer, or where the tenant says so.
pub(super) fn check(url: &Url, plain_http: bool) -> Result<(), Loss> {
    match url.scheme() {
        "https" => Ok(()),
        "http" if plain_http || !is_plain(url) => Ok(()),
        "http" => Err(Loss::PlainHttp),
        _ => Err(Loss::Address("it begins with https://".to_owned())),
    }
}

/// Whether an address names this computer without asking anybody what it means.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => Ipv4Addr::is_loopback(&address),
        Some(Host::Ipv6(address)) => {
            Ipv6Addr::is_loopback(&address) || address.to_ipv4_mapped().is_some_and(|v4| IpAddr::V4(v4).is_loopback())
        }
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use latchkey_domain::field::Rule;

    use super::{base, check, is_loopback, is_plain, proxy};

    #[test]
    fn a_proxy_has_a_server_and_no_secrets() {
        for (text, url) in [
            (" http://proxy.example.com:3128 ", "http://proxy.example.com:3128/"),
            ("https://proxy.example.com/", "https://proxy.example.com/"),
            ("socks5://127.0.0.1:1080", "socks5://127.0.0.1:1080"),
        ] {
            assert_eq!(proxy(text).unwrap().as_str(), url);
        }
        for wrong in [
            "",
            "::",
            "proxy.example.com:3128",
            "ftp://proxy.example.com",
            "http://",
            "http://a/b",
            "http://a/?x",
            "socks5:a",
        ] {
            assert_eq!(proxy(wrong), Err(Rule::NotAProxy), "{wrong}");
        }
        for inside in ["http://operator:hunter2@proxy.example.com", "socks5://operator@proxy.example.com:1"] {
            assert_eq!(proxy(inside), Err(Rule::PasswordInside), "{inside}");
        }
    }

    #[test]
    fn an_address_has_a_server_and_no_secrets() {
        assert_eq!(base(" https://portal.example.com/base/ ").unwrap().as_str(), "https://portal.example.com/base/");
        for wrong in [
            "portal.example.com",
            "ftp://a",
            "https://",
            "https://u:p@a",
            "https://u@a",
            "https://a/?x=1",
            "https://a/#f",
        ] {
            assert!(base(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn plain_http_stays_within_this_computer() {
        for (address, inside) in [
            ("http://127.0.0.1:8080", true),
            ("http://127.8.8.8", true),
            ("http://[::1]:1", true),
            ("http://[::ffff:127.0.0.1]", true),
            ("http://localhost", true),
            ("http://localhost.example.com", false),
            ("http://127.0.0.1.example.com", false),
            ("http://10.0.0.1", false),
            ("http://[::2]", false),
        ] {
            let url = base(address).unwrap();
            assert_eq!(is_loopback(&url), inside, "{address}");
            assert_eq!(is_plain(&url), !inside, "{address}");
            assert_eq!(check(&url, false).is_ok(), inside, "{address}");
            assert!(check(&url, true).is_ok(), "{address}");
        }
    }
}
