//! Checks the configuration, the capabilities and the permissions, and embeds what the window needs.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Tauri looks for these in places of its own, and would not see a change here.
    println!("cargo::rerun-if-changed=src-tauri/capabilities");
    println!("cargo::rerun-if-changed=src-tauri/permissions");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/*.json")
        .app_manifest(tauri_build::AppManifest::new().permissions_path_pattern("./src-tauri/permissions/*.toml"));
    Ok(tauri_build::try_build(attributes)?)
}
