//! ministack: an emulator that receives what orgscan sends, and runs orgscan as a Lambda function.

use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::emulator::{Python, environment};
use crate::world::runtime;

/// ministack, as a process with children of its own. All end with this value.
pub(crate) struct Receiver {
    pub(crate) url: String,
    process: Child,
}

impl Receiver {
    /// Starts these of its services, by its own names with commas between.
    pub(crate) fn start(folder: &Path, services: &str, variables: &[(&str, &str)]) -> Self {
        let requirements = Self::scripts().join("requirements.txt");
        let place = environment().with_file_name("receiver");
        let python = Python::ensure(&place, &requirements);
        let python = runtime().block_on(python).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = port.local_addr().unwrap().port();
        let log = std::fs::File::create(folder.join("receiver.log")).unwrap();
        let process = Command::new(&python.interpreter)
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
        let receiver = Self {
            url: format!("http://127.0.0.1:{port}"),
            process,
        };
        let patience = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < patience, "ministack does not start");
            std::thread::sleep(Duration::from_millis(100));
        }
        receiver
    }

    /// The folder of the scripts that set it up and read it back.
    pub(crate) fn scripts() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/receiver")
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        // Functions are processes of its group, and would outlive it.
        let group = format!("-{}", self.process.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.process.wait();
    }
}
