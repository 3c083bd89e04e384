//! A window with one word in it: what Tauri and the web view cost by themselves, for the bench of the window.
#![allow(clippy::expect_used, missing_docs)]

use tauri::http::Response;
use tauri::{WebviewUrl, WebviewWindowBuilder};

const PAGE: &str = r#"<!doctype html><html lang="en"><title>Empty</title><body>Empty<script>
requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("painted")));
</script>"#;

fn main() {
    let mut context = tauri::generate_context!();
    context.config_mut().app.windows.clear();
    tauri::Builder::default()
        .register_uri_scheme_protocol("empty", |_, _| {
            Response::builder().header("Content-Type", "text/html").body(PAGE.as_bytes()).expect("a fixed answer")
        })
        .setup(|app| {
            let page = WebviewUrl::CustomProtocol("empty://localhost".parse().expect("a fixed address"));
            WebviewWindowBuilder::new(app, "main", page).title("Empty").inner_size(1280.0, 800.0).build()?;
            Ok(())
        })
        .run(context)
        .expect("a display");
}
