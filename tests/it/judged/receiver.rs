//! ministack: an emulator that receives what orgscan sends, and runs orgscan as a Lambda function.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::judged::installed;

/// ministack, as a process with children of its own. All end with this value.
pub(crate) struct Receiver {
    pub(crate) url: String,
    process: Child,
}

impl Receiver {
    /// Starts these of its services, by its own names with commas between.
    pub(crate) fn start(folder: &Path, services: &str, variables: &[(&str, &str)]) -> Self {
        let python = installed::python("receiver");
        // A port that is free now may be taken by another test before ministack has it: it ends then.
        let started =
            (0..5).find_map(|_| Self::start_at(free_port(), &python, folder, services, variables));
        started.unwrap_or_else(|| panic!("ministack starts at none of five ports"))
    }

    /// None where it ends at once.
    fn start_at(
        port: u16,
        python: &Path,
        folder: &Path,
        services: &str,
        variables: &[(&str, &str)],
    ) -> Option<Self> {
        let log = std::fs::File::create(folder.join("receiver.log")).unwrap();
        let process = Command::new(python)
            .args(["-m", "ministack"])
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", port.to_string())
            .env("SERVICES", services)
            .env("TMPDIR", folder)
            .envs(variables.iter().copied())
            .stdout(Stdio::null())
            .stderr(log)
            .process_group(0)
            .spawn()
            .unwrap();
        let mut receiver = Self {
            url: format!("http://127.0.0.1:{port}"),
            process,
        };
        let patience = Instant::now() + Duration::from_secs(300);
        while !is_healthy(port) {
            if receiver.process.try_wait().unwrap().is_some() {
                return None;
            }
            assert!(Instant::now() < patience, "ministack does not start");
            std::thread::sleep(Duration::from_millis(100));
        }
        Some(receiver)
    }

    /// The folder of the scripts that set it up and read it back.
    pub(crate) fn scripts() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/receiver")
    }
}

fn free_port() -> u16 {
    let port = TcpListener::bind("127.0.0.1:0").unwrap();
    port.local_addr().unwrap().port()
}

/// Whether ministack, and no other server, answers at this port.
fn is_healthy(port: u16) -> bool {
    let asked = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(
            b"GET /_ministack/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    asked().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200") && answer.contains("services"))
}

impl Drop for Receiver {
    fn drop(&mut self) {
        // Functions are processes of its group, and would outlive it.
        let group = format!("-{}", self.process.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.process.wait();
    }
}
