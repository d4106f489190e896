//! What is deployed and released: `infra/package.sh` and what it makes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::judged::installed::{self, assert_stamped, tool_folder};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// This machine's, as the Lambda calls it.
fn machine() -> &'static str {
    match std::env::consts::ARCH {
        "aarch64" => "arm64",
        other => other,
    }
}

/// Compiles a C program, with more arguments for the compiler.
fn compiled(folder: &Path, name: &str, text: &str, more: &[&str]) -> PathBuf {
    let source = folder.join(format!("{name}.c"));
    std::fs::write(&source, text).unwrap();
    let program = folder.join(name);
    let mut command = Command::new(installed::program("cc"));
    command.arg("-o").arg(&program).arg(&source).args(more);
    let output = command.current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    program
}

/// A program that needs a symbol of a glibc that is not there yet.
fn of_the_future(folder: &Path) -> PathBuf {
    std::fs::write(folder.join("versions"), "GLIBC_2.99 { global: answer; };\n").unwrap();
    let library = [
        "-shared",
        "-fPIC",
        "-Wl,--version-script=versions",
        "-Wl,-soname=libm.so.6",
    ];
    compiled(
        folder,
        "libfuture.so",
        "int answer(void) { return 42; }\n",
        &library,
    );
    let program = "int answer(void);\nint main(void) { return answer(); }\n";
    compiled(folder, "future", program, &["-L.", "-l:libfuture.so"])
}

fn packer(args: &[&str], program: &Path) -> Output {
    let mut command = Command::new(installed::program("python3"));
    command.arg(root().join("infra/package.py"));
    command.arg(args[0]).arg(program).args(&args[1..]);
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The folder of what was built: a small program for the Lambda, and one that stands for the command
/// line, which is orgscan's own.
fn built(folder: &Path) -> PathBuf {
    let built = folder.join("built");
    std::fs::create_dir(&built).unwrap();
    compiled(
        &built,
        "orgscan-lambda",
        "int main(void) { return 0; }\n",
        &[],
    );
    let orgscan = env!("CARGO_BIN_EXE_orgscan");
    let program = format!(
        "#include <unistd.h>\nint main(int n, char **a) {{ (void)n; return execv(\"{orgscan}\", a); }}\n"
    );
    compiled(&built, "orgscan", &program, &[]);
    built
}

fn package(from: &Path, to: &Path) -> Output {
    // It would install them itself.
    assert_stamped(
        &tool_folder("packaging"),
        &root().join("infra/requirements.txt"),
    );
    Command::new(root().join("infra/package.sh"))
        .args(["--arch", machine()])
        .arg("--from")
        .arg(from)
        .arg("--to")
        .arg(to)
        .output()
        .unwrap()
}

#[test]
fn equal_programs_produce_equal_zip_and_archive() {
    let folder = TempDir::new().unwrap();
    let built = built(folder.path());
    let [one, two] = ["one", "two"].map(|name| {
        let to = folder.path().join(name);
        let output = package(&built, &to);
        assert!(output.status.success(), "{}", text(&output.stderr));
        // Its times are others, the second time.
        let program = std::fs::File::options()
            .append(true)
            .open(built.join("orgscan-lambda"));
        program
            .unwrap()
            .set_modified(std::time::UNIX_EPOCH)
            .unwrap();
        to
    });
    let zip = match machine() {
        "x86_64" => "lambda/orgscan.zip".to_owned(),
        other => format!("lambda/orgscan-{other}.zip"),
    };
    let bytes = std::fs::read(one.join(&zip)).unwrap();
    assert_eq!(bytes, std::fs::read(two.join(&zip)).unwrap());
    let listed = Command::new(installed::program("python3"))
        .args(["-c", "import sys, zipfile\nzip = zipfile.ZipFile(sys.argv[1])\nfor one in zip.infolist(): print(one.filename, oct(one.external_attr >> 16), zip.read(one) == open(sys.argv[2], 'rb').read())"])
        .arg(one.join(&zip))
        .arg(built.join("orgscan-lambda"))
        .output()
        .unwrap();
    assert_eq!(text(&listed.stdout), "bootstrap 0o100755 True\n");

    let version = env!("CARGO_PKG_VERSION");
    let name = format!(
        "orgscan-{version}-{}-unknown-linux-gnu",
        std::env::consts::ARCH
    );
    let archive = |to: &Path| std::fs::read(to.join(format!("dist/{name}.tar.gz"))).unwrap();
    assert_eq!(archive(&one), archive(&two));
    let inside = one.join("dist").join(&name);
    for file in [
        "LICENSE",
        "README.md",
        "orgscan",
        "completions/orgscan.bash",
        "completions/_orgscan",
        "completions/orgscan.fish",
        "man/orgscan.1",
        "man/orgscan-scan.1",
    ] {
        assert!(inside.join(file).metadata().unwrap().len() > 0, "{file}");
    }
    check_bill_of_materials(&inside);
    let sums = std::fs::read(one.join("dist/SHA256SUMS")).unwrap();
    assert_eq!(sums, std::fs::read(two.join("dist/SHA256SUMS")).unwrap());
    let mut check = Command::new("sha256sum");
    let check = check.args(["--check", "--strict", "dist/SHA256SUMS"]);
    let output = check.current_dir(&one).output().unwrap();
    assert_eq!(
        text(&output.stdout),
        format!("dist/{name}.tar.gz: OK\n{zip}: OK\n")
    );
}

/// The bill of materials has what is linked into the program, and neither macros nor what only tests need; each
/// package's license is there. That it is valid CycloneDX is what `infra/components.py` checks before it writes it.
fn check_bill_of_materials(folder: &Path) {
    let bill = std::fs::read_to_string(folder.join("orgscan.cdx.json")).unwrap();
    let bill: serde_json::Value = serde_json::from_str(&bill).unwrap();
    let components = bill["components"].as_array().unwrap().iter();
    let purls = components.map(|one| one["purl"].as_str().unwrap().to_owned());
    let (scripts, packages): (BTreeSet<_>, BTreeSet<_>) =
        purls.partition(|purl| purl.contains(":npm/"));
    assert_eq!(scripts.len(), 2, "{scripts:?}");
    let has = |name: &str| {
        let start = format!("pkg:cargo/{name}@");
        packages.iter().any(|purl| purl.starts_with(&start))
    };
    for name in [
        "aws-sdk-ec2",
        "governor",
        "libmimalloc-sys",
        "ring",
        "tokio",
    ] {
        assert!(has(name), "{name}");
    }
    for name in ["insta", "jsonschema", "pretty_assertions", "serde_derive"] {
        assert!(!has(name), "{name}");
    }
    let edges = bill["dependencies"].as_array().unwrap();
    assert_eq!(edges.len(), packages.len() + 1);
    let licenses = std::fs::read_to_string(folder.join("THIRD-PARTY-LICENSES.txt")).unwrap();
    for purl in packages {
        let name = purl["pkg:cargo/".len()..].replace('@', " ");
        assert!(licenses.contains(&format!("\n{name} (")), "{name}");
    }
    assert!(licenses.contains("in the report's page"));
}

/// The image's root file system has all that the program needs: it runs a demo in it, without a network, read-only
/// except the folder of reports.
#[test]
fn the_image_runs_read_only_with_a_folder_for_reports() {
    let folder = TempDir::new().unwrap();
    let (image, reports) = (folder.path().join("image"), folder.path().join("reports"));
    std::fs::create_dir(&reports).unwrap();
    let mut layout = Command::new(root().join("infra/image.sh"));
    let layout = layout.args([
        "--layout",
        "--program",
        env!("CARGO_BIN_EXE_orgscan"),
        "--to",
    ]);
    let output = layout.arg(&image).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    installed::program("ip");
    let inside = r#"
        ip link set lo up
        mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && mount --bind "$2" "$1/report"
        exec chroot "$1" /usr/bin/orgscan demo --accounts 3 --report /report
    "#;
    let mut run = Command::new("unshare");
    run.args([
        "--user",
        "--map-root-user",
        "--mount",
        "--net",
        "--pid",
        "--fork",
    ]);
    run.args(["sh", "-euc", inside, "sh"]);
    let output = run
        .arg(image.join("rootfs"))
        .arg(&reports)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    assert!(printed.contains("/report/daily/"), "{printed}");
    assert!(reports.join("daily").is_dir());
    let container = std::fs::read_to_string(root().join("infra/Containerfile")).unwrap();
    let lines: Vec<_> = container
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect();
    assert!(lines.contains(&"FROM scratch") && lines.contains(&"USER 65532:65532"));
}

#[test]
fn a_program_that_the_runtime_cannot_start_is_not_packed() {
    let folder = TempDir::new().unwrap();
    let future = of_the_future(folder.path());
    let output = packer(&["zip", "never.zip"], &future);
    assert_eq!(output.status.code(), Some(1));
    let errors = text(&output.stderr);
    assert!(errors.contains("GLIBC_2.99: answer"), "{errors}");

    let library = ["-shared", "-fPIC", "-Wl,-soname=libelsewhere.so.1"];
    compiled(
        folder.path(),
        "libelsewhere.so",
        "int answer(void) { return 42; }\n",
        &library,
    );
    let program = "int answer(void);\nint main(void) { return answer(); }\n";
    let program = compiled(folder.path(), "elsewhere", program, &["-L.", "-lelsewhere"]);
    let errors = text(&packer(&["check"], &program).stderr);
    assert!(errors.contains("needs libelsewhere.so.1"), "{errors}");

    let other = if machine() == "arm64" {
        "x86_64"
    } else {
        "arm64"
    };
    let wrong = packer(&["check", "--machine", other], &program);
    assert!(text(&wrong.stderr).contains(&format!("build it for {other}")));
    let none = packer(&["check"], &root().join("Cargo.toml"));
    assert!(
        text(&none.stderr).contains("is no 64-bit"),
        "{}",
        text(&none.stderr)
    );
}

/// The newest version that binutils sees in a program.
fn newest_by_readelf(program: &Path) -> String {
    let output = Command::new(installed::program("readelf"))
        .args(["-W", "-V"])
        .arg(program)
        .output();
    let output = text(&output.unwrap().stdout);
    let versions = output
        .split_whitespace()
        .filter(|word| word.starts_with("GLIBC_2."));
    let number = |word: &str| word["GLIBC_2.".len()..].parse::<f64>().unwrap_or_default();
    let newest = versions.max_by(|a, b| number(a).total_cmp(&number(b)));
    newest.unwrap().to_owned()
}

#[test]
fn the_libraries_of_a_program_match_binutils() {
    let folder = TempDir::new().unwrap();
    let program = compiled(
        folder.path(),
        "program",
        "#include <math.h>\n#include <stdlib.h>\nint main(int n, char **a) { (void)a; return (int)pow(n, n) + abs(n); }\n",
        &["-lm"],
    );
    let output = packer(&["check"], &program);
    let message = text(&output.stdout);
    let newest = newest_by_readelf(&program);
    assert!(
        message
            .trim_end()
            .ends_with(&format!("{}, needs {newest}", machine())),
        "{message}{newest}"
    );
}
