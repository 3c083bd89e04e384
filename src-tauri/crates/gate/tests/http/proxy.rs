//! An nginx that runs for as long as a test, with the very file of `docs/gate`.

#![cfg(unix)]

use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::{fs, io, thread};

use tempfile::TempDir;

use crate::client::{Client, Response};

const DOCUMENTED: &str = include_str!("../../../../../docs/gate/nginx.conf");

pub(crate) struct Nginx {
    folder: TempDir,
    child: Child,
}

impl Nginx {
    /// With other texts in the documented file, and with more servers beside it. `{folder}` is its own folder.
    pub(crate) fn start(replaced: &[(&str, &str)], more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let mut server = DOCUMENTED.to_owned();
        // No port has to be free.
        for (from, to) in [&[("listen 127.0.0.1:8080;", "listen unix:{folder}/socket;")], replaced].concat() {
            assert_eq!(server.matches(from).count(), 1, "{from}");
            server = server.replace(from, to);
        }
        let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let temporary = kinds.map(|kind| format!("{kind}_temp_path {{folder}}/{kind};")).join("\n");
        let main = format!(
            "worker_processes 2; pid {{folder}}/pid; error_log {{folder}}/error.log; events {{}}
            http {{ access_log off; {temporary} {server} {more} }}"
        );
        fs::write(path("nginx.conf"), main.replace("{folder}", &folder.path().display().to_string())).unwrap();
        let child = Self::command(&folder).args(["-g", "daemon off;"]).spawn();
        let child = child.unwrap_or_else(|cause| panic!("nginx is needed, which `make setup` installs: {cause}"));
        let mut nginx = Self { folder, child };
        while UnixStream::connect(nginx.socket()).is_err() {
            let ended = nginx.child.try_wait().unwrap();
            assert!(ended.is_none(), "nginx ended: {ended:?}");
            thread::yield_now();
        }
        nginx
    }

    fn command(folder: &TempDir) -> Command {
        // Debian has it where only root looks.
        let found = ["/usr/sbin/nginx", "/usr/bin/nginx"].into_iter().find(|path| fs::exists(path).unwrap());
        let mut command = Command::new(found.unwrap_or("nginx"));
        command.arg("-e").arg(folder.path().join("error.log"));
        command.arg("-p").arg(folder.path()).arg("-c").arg(folder.path().join("nginx.conf"));
        command
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    pub(crate) fn connect(socket: &Path) -> Client {
        Client::over(UnixStream::connect(socket).unwrap())
    }

    pub(crate) fn client(&self) -> Client {
        Self::connect(&self.socket())
    }

    pub(crate) fn get(&self, target: &str, headers: &[(&str, &str)]) -> Response {
        self.client().get(target, headers)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its workers end with it, which they do not when it is killed.
        let _ = Self::command(&self.folder).args(["-s", "stop"]).status();
        let _ = self.child.wait();
        if thread::panicking() {
            let _ = fs::read(self.folder.path().join("error.log")).map(|log| io::stderr().write_all(&log));
        }
    }
}
