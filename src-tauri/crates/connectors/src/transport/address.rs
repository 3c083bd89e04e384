use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

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

/// That a request may go there at all: HTTPS, or plain HTTP within this computer, or where the tenant says so.
pub(super) fn check(url: &Url, plain_http: bool) -> Result<(), Loss> {
    match url.scheme() {
        "https" => Ok(()),
        "http" if plain_http || is_loopback(url) => Ok(()),
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
    use super::{base, check, is_loopback};

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
            assert_eq!(check(&url, false).is_ok(), inside, "{address}");
            assert!(check(&url, true).is_ok(), "{address}");
        }
    }
}
