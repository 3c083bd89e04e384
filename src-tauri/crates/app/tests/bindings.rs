//! The TypeScript side of the wire types: written anew when it differs, and then the test fails.

use std::fmt::Write as _;
use std::path::Path;

use latchkey_app::wire;
use ts_rs::{Config, TS};

#[test]
fn bindings_are_up_to_date() {
    let expected = declarations();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/lib/ipc/bindings.ts");
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    if found != expected {
        std::fs::write(&path, &expected).unwrap();
        panic!("{} was out of date and has been written anew: look at it and commit it", path.display());
    }
}

#[allow(clippy::too_many_lines, reason = "one line for each type")]
fn declarations() -> String {
    let config = Config::new();
    let mut text = String::from(
        "// Generated from the Rust wire types by `cargo test -p latchkey-app --test bindings`. Do not edit.\n",
    );
    macro_rules! declare {
        ($($kind:ident),* $(,)?) => {$(
            text.push('\n');
            if let Some(docs) = <wire::$kind as TS>::docs() {
                writeln!(text, "{}", docs.trim_end()).unwrap();
            }
            writeln!(text, "export {}", <wire::$kind as TS>::decl(&config)).unwrap();
        )*};
    }
    declare!(
        ErrorCode,
        ErrorBody,
        Field,
        Rule,
        FieldProblem,
        ServerFault,
        ServerProblem,
        VaultKind,
        VaultView,
        ProfileState,
        KeychainProblem,
        Appearance,
        Settings,
        RotationOutcome,
        SettledRotation,
        ProfileView,
        PublicKeyView,
        SigningKeyReplaced,
        SigningKeyRotated,
        EndorsementWritten,
        BundleDraft,
        BundleKind,
        BundleExported,
        ExportView,
        BundleState,
        BundleNeed,
        KeyBundle,
        BundlePreview,
        BundleCodes,
        CodeView,
        KeyFormat,
        KeepPolicy,
        Policy,
        Presentation,
        NameLength,
        KeyField,
        ExpirationChoice,
        Column,
        Permission,
        NoApiSets,
        Preset,
        Words,
        Conventions,
        TemplateApiSet,
        TemplateOrganization,
        TemplateGroup,
        Template,
        RemoteView,
        CertificateView,
        ProxyChoice,
        ConnectionView,
        FileChoice,
        NetworkEdit,
        ConnectionEdit,
        TenantView,
        TenantDraft,
        TenantEdit,
        ApiSetView,
        ApiSetDraft,
        KeySelection,
        BulkAction,
        BulkPreview,
        BulkDone,
        ApiSetChange,
        ImportedApiSet,
        RefusedLine,
        CatalogueImport,
        Gap,
        GapCount,
        GapKey,
        PolicyGaps,
        OrganizationView,
        OrganizationDraft,
        UserGroupView,
        UserGroupDraft,
        AccessQuery,
        AccessView,
        KeyStatus,
        Holding,
        KeyView,
        KeyPage,
        KeyCount,
        KeySort,
        KeyQuery,
        StatusCount,
        NamedCount,
        Named,
        OwnerCount,
        KeyFacets,
        Actor,
        EventKind,
        EventView,
        KeyLink,
        RotationStage,
        Lineage,
        Overlap,
        RotationNeed,
        RotationDraft,
        RotationPlan,
        Succession,
        RemoteKeyView,
        KeyDetails,
        Expiration,
        DefaultExpiration,
        KeyDraft,
        KeyEdit,
        NewKey,
        ImportFormat,
        ImportFate,
        ImportReason,
        ImportEntry,
        ImportPreview,
        ImportChoice,
        ImportDone,
        Export,
        ClipboardCopy,
        Download,
        BatchDelivery,
        BatchNames,
        BatchDraft,
        BatchPreview,
        BatchList,
        BatchProgress,
        BatchSummary,
        BatchEnd,
        BatchView,
        ConnectorOrigin,
        ConnectorAddress,
        ConnectorAsk,
        ConnectorQuestion,
        SignInChoice,
        SignedOut,
        Capability,
        CapabilityWay,
        ConnectorCapability,
        Connector,
        ConnectorTrial,
        RemoteTenantDraft,
        SyncDone,
        TenantRefresh,
        RefreshProgress,
        TenantRefreshed,
        TriedKey,
        CheckedKey,
        ConnectorTried,
        RecordDraft,
        RecordedKey,
        PastedKey,
        Decision,
        Refusal,
        GuideView,
    );
    text
}
