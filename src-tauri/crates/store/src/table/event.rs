//! The audit log. Triggers refuse to change or remove a line and to leave a number out.

use latchkey_app::ports::{Event, EventFilter, NewEvent};
use latchkey_app::wire::Actor;
use latchkey_domain::id::{BatchId, KeyId, TenantId};
use rusqlite::{Connection, Row, params};

use super::{instant, signed, unsigned};
use crate::fault::Result;

mod kind {
    use latchkey_domain::event::EventKind;
    crate::table::stored_names!(EventKind {
        ProfileCreated = "profile_created",
        TenantAdded = "tenant_added",
        TenantSynced = "tenant_synced",
        CredentialChanged = "credential_changed",
        TenantSignedIn = "tenant_signed_in",
        TenantSignedOut = "tenant_signed_out",
        KeyDrifted = "key_drifted",
        KeyOrphaned = "key_orphaned",
        ConnectorAdded = "connector_added",
        ConnectorRemoved = "connector_removed",
        NetworkOff = "network_off",
        NetworkOn = "network_on",
        TenantEdited = "tenant_edited",
        TenantRemoved = "tenant_removed",
        ApiSetAdded = "api_set_added",
        ApiSetEdited = "api_set_edited",
        ApiSetRemoved = "api_set_removed",
        ApiSetRetired = "api_set_retired",
        ApiSetRestored = "api_set_restored",
        OrganizationAdded = "organization_added",
        OrganizationEdited = "organization_edited",
        OrganizationRemoved = "organization_removed",
        UserGroupAdded = "user_group_added",
        UserGroupEdited = "user_group_edited",
        UserGroupRemoved = "user_group_removed",
        KeyGenerated = "key_generated",
        KeyImported = "key_imported",
        SigningKeyMade = "signing_key_made",
        SigningKeyRotated = "signing_key_rotated",
        SigningKeyReplaced = "signing_key_replaced",
        SequenceRaised = "sequence_raised",
        BundleExported = "bundle_exported",
        ListExported = "list_exported",
        BatchGenerated = "batch_generated",
        BatchUndone = "batch_undone",
        KeyEdited = "key_edited",
        KeyDisabled = "key_disabled",
        KeyEnabled = "key_enabled",
        KeyRevoked = "key_revoked",
        KeyDeleted = "key_deleted",
        SecretCopied = "secret_copied",
        SecretRevealed = "secret_revealed",
        SecretDownloaded = "secret_downloaded",
        SecretPrinted = "secret_printed",
        SecretKept = "secret_kept",
        SecretDiscarded = "secret_discarded",
        SecretUnsaved = "secret_unsaved",
        SecretInjected = "secret_injected",
        SecretMissing = "secret_missing",
        SagaFinished = "saga_finished",
        KeySuperseded = "key_superseded",
        RotationUndone = "rotation_undone",
        SagaUndone = "saga_undone",
    });
}

/// Columns in the order that [`read`] takes them.
const COLUMNS: &str = "sequence, at, operator, origin, kind, tenant, tenant_name, key, handle, subject, detail, reason";

fn read(row: &Row<'_>) -> Result<Event> {
    let tenant: Option<[u8; 16]> = row.get(5)?;
    let tenant_name: Option<String> = row.get(6)?;
    let key: Option<[u8; 16]> = row.get(7)?;
    let handle: Option<String> = row.get(8)?;
    Ok(Event {
        sequence: unsigned(row.get(0)?)?,
        event: NewEvent {
            at: instant(row, 1)?,
            actor: Actor { operator: row.get(2)?, origin: row.get(3)? },
            kind: kind::named(&row.get::<_, String>(4)?)?,
            tenant: tenant.map(TenantId::from_bytes).zip(tenant_name),
            key: key.map(KeyId::from_bytes).zip(handle),
            subject: row.get(9)?,
            detail: row.get(10)?,
            reason: row.get(11)?,
        },
    })
}

pub(crate) fn list(connection: &Connection, filter: &EventFilter) -> Result<Vec<Event>> {
    let before = filter.before.map_or(i64::MAX, signed);
    let since = filter.since.map_or(i64::MIN, |since| {
        // An instant within a second is later than that second as it is stored.
        since.timestamp() + i64::from(since.timestamp_subsec_nanos() > 0)
    });
    let key = filter.key.map(|key| *key.as_bytes());
    let by_key =
        if key.is_some() { "(key = ?3 OR batch = (SELECT k.batch FROM key k WHERE k.id = ?3))" } else { "?3 IS NULL" };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM event WHERE sequence < ?1 AND at >= ?2 AND {by_key} ORDER BY sequence DESC LIMIT ?4"
    ))?;
    statement.query_and_then(params![before, since, key, filter.limit], read)?.collect()
}

/// Adds a line; one of a batch is part of the history of every key of it.
pub(crate) fn insert(connection: &Connection, event: &NewEvent, batch: Option<BatchId>) -> Result<()> {
    let (tenant, tenant_name) = event.tenant.as_ref().map(|(id, name)| (id.as_bytes(), name)).unzip();
    let (key, handle) = event.key.as_ref().map(|(id, handle)| (id.as_bytes(), handle)).unzip();
    connection
        .prepare_cached(
            "INSERT INTO event (sequence, at, operator, origin, kind, tenant, tenant_name, key, handle, subject, detail,
                reason, batch) VALUES ((SELECT ifnull(max(sequence), 0) + 1 FROM event), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
                ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            event.at.timestamp(),
            event.actor.operator,
            event.actor.origin,
            kind::name_of(event.kind),
            tenant,
            tenant_name,
            key,
            handle,
            event.subject,
            event.detail,
            event.reason,
            batch.map(|id| *id.as_bytes()),
        ])?;
    Ok(())
}
