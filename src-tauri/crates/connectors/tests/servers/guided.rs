//! Keys that a person makes in a vendor's own pages: where that is, and what they paste.

use latchkey_app::ports::Connectors;
use latchkey_app::wire::{Capability, NameLength};
use latchkey_domain::secret::Secret;

use crate::support::{ACME, Desk, Tenant};

fn pasted(vendor: &str, text: &str) -> (String, bool) {
    let pasted = Desk::new().connectors.pasted(vendor, &Secret::new(text.to_owned())).unwrap();
    (pasted.secret.expose().to_owned(), pasted.usual)
}

#[test]
fn what_is_pasted_around_a_key_is_taken_off() {
    for (vendor, text, expected, usual) in [
        ("documenso", " Bearer api_0123456789abcdef\n", "api_0123456789abcdef", true),
        ("documenso", "api_0123456789abcde", "api_0123456789abcde", false),
        ("documenso", "see api_0123456789abcdef", "see api_0123456789abcdef", false),
        ("docanalyzer", "\u{feff}bearer any-text-at-all", "any-text-at-all", true),
        ("documoto", "\tBasic VEVTVDowMDAw\r\n", "Basic VEVTVDowMDAw", true),
        ("gotransverse", "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef", true),
        ("gotransverse", "0123456789abcdef0123456789abcdeg", "0123456789abcdef0123456789abcdeg", false),
        ("gotransverse", "0123456789abcdef0123456789abcdef0", "0123456789abcdef0123456789abcdef0", false),
    ] {
        assert_eq!(pasted(vendor, text), (expected.to_owned(), usual), "{vendor}: {text:?}");
    }
}

fn page(tenant: &Tenant, capability: Capability) -> Option<String> {
    Desk::new().connectors.guide(&tenant.site(), capability).unwrap().and_then(|guide| guide.page)
}

#[test]
fn the_page_is_the_tenants_own_where_one_is_known() {
    let signing = |url: &str| Tenant::new("documenso", url).option("team", "quay 7");
    for (url, expected) in [
        ("https://sign.example.com", "https://sign.example.com/t/quay%207/settings/tokens"),
        ("https://sign.example.com/base/", "https://sign.example.com/base/t/quay%207/settings/tokens"),
        ("http://localhost:3000", "http://localhost:3000/t/quay%207/settings/tokens"),
    ] {
        assert_eq!(page(&signing(url), Capability::Create).as_deref(), Some(expected));
        assert_eq!(page(&signing(url), Capability::Revoke).as_deref(), Some(expected));
    }
    for url in ["http://10.0.0.7", "https://ada:secret@sign.example.com", "no address"] {
        assert_eq!(page(&signing(url), Capability::Create).as_deref(), None, "{url}");
    }
    let analyzer = Tenant::new("docanalyzer", "https://api.docanalyzer.ai/api/v1");
    assert_eq!(page(&analyzer, Capability::Create).as_deref(), Some("https://docanalyzer.ai/"));
    let parts = Tenant::new("documoto", "https://documoto.digabit.com/api/ext");
    let described = "https://support.documoto.com/knowledge-base/how-to-create-api-keys";
    assert_eq!(page(&parts, Capability::Create).as_deref(), Some(described), "where none is known");
}

#[test]
fn no_option_leads_a_browser_to_another_server() {
    let at = |team: &str| Tenant::new("documenso", "https://sign.example.com").option("team", team);
    for team in ["../../..", "//evil.example.com", "x@evil.example.com", "\\\\evil.example.com", "?next=https://evil"] {
        let page = page(&at(team), Capability::Create);
        let is_own = |page: &String| page.starts_with("https://sign.example.com/") && !page.contains('?');
        assert!(page.as_ref().is_none_or(is_own), "{team}: {page:?}");
    }
    assert!(page(&at("quay"), Capability::Check).is_none());
}

#[test]
fn only_what_no_request_does_is_guided() {
    let desk = Desk::new();
    let guided = |vendor: &'static str, capability| {
        let tenant = Tenant::new(vendor, "https://vendor.example.com");
        desk.connectors.guide(&tenant.site(), capability).unwrap().map(|guide| guide.steps.len())
    };
    for capability in Capability::ALL {
        assert_eq!(guided("docspace", capability), None, "{capability:?}");
    }
    for vendor in ["documenso", "documoto", "docanalyzer", "gotransverse"] {
        let [create, revoke] = [Capability::Create, Capability::Revoke].map(|one| guided(vendor, one).unwrap());
        assert_eq!(guided(vendor, Capability::Rotate), Some(create + revoke), "{vendor}");
        assert_eq!(guided(vendor, Capability::List), None);
    }
}

#[test]
fn the_vendors_length_of_names_stays_within_latchkeys_own() {
    let length = |min, max| {
        let draft = format!("\"name_min\": {min}, \"name_max\": {max}");
        let manifest = ACME.replace("\"name_min\": 1, \"name_max\": 50", &draft);
        Desk::new().with("acme", &manifest).connectors.name_length("acme").unwrap()
    };
    assert_eq!(length(1, 50), NameLength { min: 1, max: 50 });
    assert_eq!(length(0, 255), NameLength { min: 1, max: 100 });
    assert_eq!(length(120, 255), NameLength { min: 100, max: 100 });
}
