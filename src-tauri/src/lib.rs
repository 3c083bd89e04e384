//! The desktop shell. It wires the window to the use cases and holds no rule of its own.
//!
//! **Architecture invariants:** nothing else knows Tauri. A command is a few lines that call a use case. No command but
//! `secret_reveal` answers with a secret, and the web view is not asked where a file goes or whether a kept secret may
//! be read: Rust asks the operator in dialogs of the system.

mod batches;
mod chosen;
mod codes;
mod commands;
mod desk;
mod engine;
mod first_page;
mod refresh;
mod sign_ins;
mod trials;
mod watch;
mod window;
#[cfg(feature = "fault-points")]
mod witness;
mod words;

use std::path::Path;

use latchkey_profile::Remembered;
use tauri::{Emitter as _, Manager as _, RunEvent, WindowEvent};

use batches::Batches;
use chosen::ChosenFiles;
use codes::ShownCodes;
use desk::Desk;
use first_page::FirstPage;
use refresh::Refresh;
use sign_ins::SignIns;
use trials::Trials;
use watch::Watcher;

/// Told to the web view when the window is to close and a secret would be lost.
const CLOSE_REQUESTED: &str = "close-requested";

/// Opens the window and comes back when it is closed.
#[allow(clippy::too_many_lines, reason = "one line for each command")]
pub fn run() {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_env("LATCHKEY_LOG").unwrap_or_else(|_| "warn".into()))
        .with_writer(std::io::stderr)
        .init();
    tracing::debug!(version = env!("CARGO_PKG_VERSION"), "the window opens");
    engine::interpret();
    let builder = tauri::Builder::default().plugin(tauri_plugin_dialog::init());
    #[cfg(feature = "fault-points")]
    let builder = builder.plugin(witness::plugin());
    let built = builder
        .invoke_handler(tauri::generate_handler![
            commands::opening::opening_holds,
            commands::place::place_last,
            commands::place::place_remember,
            commands::profile::profile_view,
            commands::profile::profile_create,
            commands::profile::profile_unlock,
            commands::profile::profile_retry,
            commands::profile::settings_save,
            commands::tenants::tenant_list,
            commands::tenants::tenant_add,
            commands::tenants::tenant_edit,
            commands::tenants::tenant_gaps,
            commands::tenants::tenant_remove,
            commands::remote::tenant_add_remote,
            commands::remote::tenant_sync,
            commands::remote::tenant_unanswered,
            commands::remote::tenant_give_up,
            commands::remote::tenant_sync_all,
            commands::remote::refresh_progress,
            commands::remote::refresh_cancel,
            commands::remote::tenant_credential,
            commands::sign_in::session_open,
            commands::sign_in::session_leave,
            commands::sign_in::tenant_add_signed_in,
            commands::sign_in::tenant_sign_in,
            commands::sign_in::tenant_sign_out,
            commands::connection::tenant_connection,
            commands::connection::tenant_connection_save,
            commands::connection::connection_authorities_open,
            commands::connection::connection_certificate_open,
            commands::connection::connection_forget,
            commands::api_sets::api_set_list,
            commands::api_sets::api_set_add,
            commands::api_sets::api_set_edit,
            commands::api_sets::api_set_remove,
            commands::catalogue::api_set_retire,
            commands::catalogue::api_set_restore,
            commands::catalogue::api_set_import_choose,
            commands::catalogue::api_set_import,
            commands::catalogue::api_set_export,
            commands::organizations::organization_list,
            commands::organizations::organization_add,
            commands::organizations::organization_edit,
            commands::organizations::organization_remove,
            commands::organizations::group_list,
            commands::organizations::group_add,
            commands::organizations::group_edit,
            commands::organizations::group_remove,
            commands::organizations::access_of,
            commands::templates::template_list,
            commands::templates::template_open,
            commands::templates::template_save,
            commands::connectors::connector_list,
            commands::connectors::connector_open,
            commands::connectors::connector_add,
            commands::connectors::connector_remove,
            commands::connectors::connector_try,
            commands::connectors::connector_cancel,
            commands::connectors::connector_waiting,
            commands::bundles::bundle_state,
            commands::bundles::bundle_public_key,
            commands::bundles::bundle_preview,
            commands::bundles::bundle_export,
            commands::bundles::bundle_codes,
            commands::bundles::bundle_code,
            commands::bundles::bundle_codes_close,
            commands::bundles::bundle_codes_save,
            commands::bundles::bundle_key_save,
            commands::signing_keys::signing_key_rotate,
            commands::signing_keys::signing_key_replace,
            commands::signing_keys::signing_key_endorsement,
            commands::keys::key_list,
            commands::keys::key_count,
            commands::keys::key_facets,
            commands::keys::key_show,
            commands::keys::key_name_uses,
            commands::keys::key_new,
            commands::keys::key_edit,
            commands::keys::key_disable,
            commands::keys::key_enable,
            commands::keys::key_revoke,
            commands::keys::key_delete,
            commands::changes::change_under_way,
            commands::changes::change_cancel,
            commands::remote::key_check,
            commands::guided::guide,
            commands::guided::guide_open,
            commands::guided::connector_open_page,
            commands::verify::verify_copied,
            commands::verify::verify_file,
            commands::guided::key_paste,
            commands::guided::key_read_file,
            commands::guided::key_paste_forget,
            commands::guided::key_record,
            commands::bulk::bulk_preview,
            commands::bulk::bulk_run,
            commands::bulk::bulk_undo,
            commands::rotation::rotation_plan,
            commands::rotation::rotation_begin,
            commands::rotation::rotation_retire,
            commands::rotation::rotation_undo,
            commands::import::import_open,
            commands::import::import_rename,
            commands::import::import_run,
            commands::import::import_close,
            commands::import::key_export,
            commands::batches::batch_preview,
            commands::batches::batch_names,
            commands::batches::batch_run,
            commands::batches::batch_cancel,
            commands::batches::batch_progress,
            commands::batches::batch_unfinished,
            commands::batches::batch_resume,
            commands::batches::batch_undo,
            commands::secrets::key_copy,
            commands::secrets::secret_pending,
            commands::secrets::secret_reveal,
            commands::secrets::secret_copy,
            commands::secrets::secret_copy_header,
            commands::secrets::secret_download,
            commands::secrets::secret_keep,
            commands::secrets::secret_close,
            commands::audit::audit_list,
        ])
        .setup(|app| {
            let home = desk::home();
            app.manage(Remembered::read(home.as_deref().unwrap_or(Path::new(""))));
            // Before all else that takes time, since the web view takes its time to start.
            window::open(app.handle())?;
            app.manage(Desk::open(app.handle(), home));
            app.manage(FirstPage::prepare(app.handle()));
            app.manage(Batches::default());
            app.manage(Trials::default());
            app.manage(SignIns::default());
            app.manage(ChosenFiles::default());
            app.manage(ShownCodes::default());
            app.manage(watch::start(app.handle()));
            app.manage(Refresh::new(app.handle()));
            refresh::start(app.handle());
            Ok(())
        })
        .on_window_event(|window, event| {
            if matches!(event, WindowEvent::Focused(true))
                && let Some(watcher) = window.try_state::<Watcher>()
            {
                watcher.returned();
            }
            if let WindowEvent::CloseRequested { api, .. } = event {
                window::remember_size(window);
                if window.state::<Desk>().save_window.has_unsaved() {
                    api.prevent_close();
                    if let Err(error) = window.emit(CLOSE_REQUESTED, ()) {
                        tracing::error!(%error, "the web view could not be asked whether the window may close");
                    }
                }
            }
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => app.run(|app, event| {
            if matches!(event, RunEvent::Exit) {
                app.state::<Desk>().leave();
            }
        }),
        Err(error) => {
            tracing::error!(%error, "the window could not be opened");
            std::process::exit(1);
        }
    }
}
