//! The program's only window: how it is made, shown and remembered.

use latchkey_profile::Remembered;
use tauri::webview::PageLoadEvent;
use tauri::{AppHandle, Manager as _, WebviewWindow, WebviewWindowBuilder, Window};

use crate::first_page::FirstPage;

/// Makes the window that the configuration describes, as large as it was when it was closed. It is shown when its page gives
/// itself a title, which is the first thing that its script does, or at the latest when it was read. Before that it would be
/// empty, and where WebKit draws without a graphics card, drawing it would wait half a second for a page that waits for this
/// process.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    for window in &app.config().app.windows {
        let pages = app.clone();
        let mut builder = WebviewWindowBuilder::from_config(app, window)?
            .on_web_resource_request(move |_, answer| {
                if let Some(page) = pages.try_state::<FirstPage>() {
                    page.fill(answer);
                }
            })
            .on_document_title_changed(|window, _| show(&window))
            .on_page_load(|window, load| {
                if load.event() == PageLoadEvent::Finished {
                    show(&window);
                }
            });
        let before = app.state::<Remembered>().size();
        if let Some(size) = before.inner {
            let (width, height) = on_screen(app, size);
            builder = builder.inner_size(width, height);
        }
        builder = builder.maximized(before.maximized);
        builder.build()?;
    }
    Ok(())
}

/// Remembers how large the window is. Where that fails, the next one is as large as this one was at first.
pub(crate) fn remember_size(window: &Window) {
    let remembered = window.state::<Remembered>();
    let size = window.is_maximized().and_then(|maximized| {
        if maximized {
            return Ok(None);
        }
        let size = window.inner_size()?.to_logical::<u32>(window.scale_factor()?);
        Ok(Some((size.width, size.height)))
    });
    let kept = match size {
        Ok(None) => remembered.maximize(),
        Ok(Some((width, height))) => remembered.resize(width, height),
        Err(error) => return tracing::warn!(%error, "the size of the window is not known"),
    };
    if let Err(error) = kept {
        tracing::warn!(code = ?error.code(), "the size of the window is not remembered");
    }
}

/// Not larger than the screen, which may be another one by now; as it was where nobody knows the screen.
fn on_screen(app: &AppHandle, (width, height): (u32, u32)) -> (f64, f64) {
    let (width, height) = (f64::from(width), f64::from(height));
    let Ok(Some(screen)) = app.primary_monitor() else { return (width, height) };
    let room = screen.size().to_logical::<f64>(screen.scale_factor());
    (width.min(room.width), height.min(room.height))
}

fn show(window: &WebviewWindow) {
    if let Err(error) = window.show() {
        tracing::error!(%error, "the window could not be shown");
    }
}
