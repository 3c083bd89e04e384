//! Verifier bundles: what services know, exports to a file or as QR codes, and what is printed.

use std::path::PathBuf;

use latchkey_app::bundle;
use latchkey_app::error::{Error, Result};
use latchkey_app::wire::{
    BundleCodes, BundleDraft, BundleExported, BundlePreview, BundleState, CodeView, Download, ErrorCode, PublicKeyView,
};
use latchkey_qr::{Code, Page};
use tauri::{AppHandle, State, WebviewWindow};
use tauri_plugin_dialog::{DialogExt as _, FileDialogBuilder};

use super::Answer;
use super::secrets::not_a_file;
use crate::codes::ShownCodes;
use crate::desk::Desk;
use crate::words::words;

/// What to do where a printed bundle arrives.
const RECEIVE: &str = "zbarcam --raw | latchkey bundle receive --out tenant.bundle";

#[tauri::command(async)]
pub(crate) fn bundle_state(desk: State<'_, Desk>, tenant: String) -> Answer<BundleState> {
    Ok(bundle::state(&*desk.session()?, &tenant)?)
}

/// What services are told, made at the first asking.
#[tauri::command(async)]
pub(crate) fn bundle_public_key(desk: State<'_, Desk>, tenant: String) -> Answer<PublicKeyView> {
    Ok(bundle::public_key(&*desk.session()?, &desk.operator, &tenant)?)
}

#[tauri::command(async)]
pub(crate) fn bundle_preview(desk: State<'_, Desk>, draft: BundleDraft) -> Answer<BundlePreview> {
    Ok(bundle::preview(&*desk.session()?, &draft)?)
}

/// Asks for a place in the system's save dialog and writes the bundle and its signature there. `None` when the dialog was
/// closed.
#[tauri::command(async)]
pub(crate) fn bundle_export(
    app: AppHandle,
    window: WebviewWindow,
    desk: State<'_, Desk>,
    draft: BundleDraft,
) -> Answer<Option<BundleExported>> {
    let session = desk.session()?;
    // What cannot be exported is told before anybody chooses a place.
    bundle::preview(&session, &draft)?;
    let name = latchkey_app::tenant::show(&session, &draft.tenant)?.name;
    let ending = if draft.since.is_some() { "delta" } else { "bundle" };
    let dialog = dialog(&app, &window)
        .set_title(words().bundle_export())
        .set_file_name(bundle::file_name(&name, ending))
        .add_filter(words().bundle_filter(), &["bundle", "delta"]);
    let Some(target) = place(dialog)? else { return Ok(None) };
    // The dialog has asked whether to replace what stands there, and nothing about the place of the signature.
    let replace = target.symlink_metadata().is_ok();
    Ok(Some(bundle::export(&session, &desk.operator, &draft, &target, replace)?))
}

/// Exports as QR codes, which are shown from then on.
#[tauri::command(async)]
pub(crate) fn bundle_codes(
    desk: State<'_, Desk>,
    shown: State<'_, ShownCodes>,
    draft: BundleDraft,
) -> Answer<BundleCodes> {
    let (codes, series) = bundle::export_codes(&*desk.session()?, &desk.operator, &draft)?;
    shown.hold(&codes, series);
    Ok(codes)
}

/// One of the codes that are shown, counted from 1; there is no last one.
#[tauri::command(async)]
pub(crate) fn bundle_code(shown: State<'_, ShownCodes>, number: u32) -> Answer<CodeView> {
    let code = shown.with(|shown| drawn(shown.series.code(number as usize)))?;
    Ok(CodeView { size: u32::try_from(code.size()).unwrap_or(u32::MAX), path: code.path() })
}

#[tauri::command(async)]
pub(crate) fn bundle_codes_close(shown: State<'_, ShownCodes>) {
    shown.forget();
}

/// Asks for a place and writes what is shown there, as a page with one code.
#[tauri::command(async)]
pub(crate) fn bundle_codes_save(
    app: AppHandle,
    window: WebviewWindow,
    shown: State<'_, ShownCodes>,
) -> Answer<Download> {
    let (done, code) = shown.with(|shown| {
        let code = shown.series.printed().ok_or_else(|| Error::new(ErrorCode::NotNow, "It does not fit one code."))?;
        Ok((shown.exported.clone(), code))
    })?;
    let dialog = page_dialog(&app, &window).set_file_name(bundle::file_name(&done.tenant, "bundle.svg"));
    let Some(target) = place(dialog)? else { return Ok(Download { path: None }) };
    let words = words();
    let kind = match done.base {
        Some(base) => words.page_delta(base),
        None => words.page_full(),
    };
    let [tenant, contents, sequence, issued, expires, fingerprint] = [
        words.page_tenant(),
        words.page_contents(),
        words.page_sequence(),
        words.page_issued(),
        words.page_expires(),
        words.page_fingerprint(),
    ];
    let facts = [
        (&*tenant, done.tenant.clone()),
        (&*contents, kind),
        (&*sequence, done.sequence.to_string()),
        (&*issued, moment(done.issued_at)),
        (&*expires, moment(done.expires_at)),
        (&*fingerprint, done.fingerprint.clone()),
    ];
    let (title, note) = (words.page_bundle_title(&done.tenant), words.page_bundle_note());
    bundle::save_page(&Page { title: &title, facts: &facts, notes: &[&note, RECEIVE], code: &code }, &target)?;
    Ok(Download { path: Some(target.display().to_string()) })
}

/// Asks for a place and writes the public key there: as minisign reads it, or as a page to print.
#[tauri::command(async)]
pub(crate) fn bundle_key_save(
    app: AppHandle,
    window: WebviewWindow,
    desk: State<'_, Desk>,
    tenant: String,
    page: bool,
) -> Answer<Download> {
    let key = bundle::public_key(&*desk.session()?, &desk.operator, &tenant)?;
    let words = words();
    let dialog = if page {
        page_dialog(&app, &window).set_file_name(bundle::file_name(&key.tenant, "public-key.svg"))
    } else {
        dialog(&app, &window)
            .set_title(words.bundle_key_save())
            .set_file_name(bundle::file_name(&key.tenant, "pub"))
            .add_filter(words.bundle_key_filter(), &["pub"])
    };
    let Some(target) = place(dialog)? else { return Ok(Download { path: None }) };
    if page {
        let code = drawn(Code::printed(&key.public_key))?;
        let [tenant, public_key, number, made, fingerprint] = [
            words.page_tenant(),
            words.page_public_key(),
            words.page_number(),
            words.page_made(),
            words.page_fingerprint(),
        ];
        let facts = [
            (&*tenant, key.tenant.clone()),
            (&*public_key, key.public_key.clone()),
            (&*number, key.number.clone()),
            (&*made, moment(key.made_at)),
            (&*fingerprint, key.fingerprint.clone()),
        ];
        let (title, note) = (words.page_key_title(&key.tenant), words.page_key_note());
        bundle::save_page(&Page { title: &title, facts: &facts, notes: &[&note], code: &code }, &target)?;
    } else {
        bundle::save_public_key(&key, &target)?;
    }
    Ok(Download { path: Some(target.display().to_string()) })
}

pub(super) fn dialog(app: &AppHandle, window: &WebviewWindow) -> FileDialogBuilder<tauri::Wry> {
    app.dialog().file().set_parent(window)
}

fn page_dialog(app: &AppHandle, window: &WebviewWindow) -> FileDialogBuilder<tauri::Wry> {
    dialog(app, window).set_title(words().page_save()).add_filter(words().page_filter(), &["svg"])
}

pub(super) fn place(dialog: FileDialogBuilder<tauri::Wry>) -> Result<Option<PathBuf>> {
    dialog.blocking_save_file().map(|chosen| chosen.into_path().map_err(|_| not_a_file())).transpose()
}

fn drawn(code: std::result::Result<Code, latchkey_qr::Error>) -> Result<Code> {
    code.map_err(|error| Error::new(ErrorCode::Failed, format!("No QR code could be drawn: {error}.")))
}

/// The same in each language and on each computer.
fn moment(at: chrono::DateTime<chrono::Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}
