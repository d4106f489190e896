//! What is deployed and released: `infra/package.sh` and what it makes.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

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
    let mut command = Command::new("cc");
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
    let mut command = Command::new("python3");
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
    compiled(&built, "lambda", "int main(void) { return 0; }\n", &[]);
    let orgscan = env!("CARGO_BIN_EXE_orgscan");
    let program = format!(
        "#include <unistd.h>\nint main(int n, char **a) {{ (void)n; return execv(\"{orgscan}\", a); }}\n"
    );
    compiled(&built, "orgscan", &program, &[]);
    built
}

fn package(from: &Path, to: &Path) -> Output {
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
fn the_same_programs_give_the_same_zip_and_archive() {
    let folder = TempDir::new().unwrap();
    let built = built(folder.path());
    let [one, two] = ["one", "two"].map(|name| {
        let to = folder.path().join(name);
        let output = package(&built, &to);
        assert!(output.status.success(), "{}", text(&output.stderr));
        // Its times are others, the second time.
        let program = std::fs::File::options()
            .append(true)
            .open(built.join("lambda"));
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
    let listed = Command::new("python3")
        .args(["-c", "import sys, zipfile\nzip = zipfile.ZipFile(sys.argv[1])\nfor one in zip.infolist(): print(one.filename, oct(one.external_attr >> 16), zip.read(one) == open(sys.argv[2], 'rb').read())"])
        .arg(one.join(&zip))
        .arg(built.join("lambda"))
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
    let output = Command::new("readelf")
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
fn what_a_program_needs_is_what_binutils_says() {
    let folder = TempDir::new().unwrap();
    let program = compiled(
        folder.path(),
        "program",
        "#include <math.h>\n#include <stdlib.h>\nint main(int n, char **a) { (void)a; return (int)pow(n, n) + abs(n); }\n",
        &["-lm"],
    );
    let output = packer(&["check"], &program);
    let said = text(&output.stdout);
    let newest = newest_by_readelf(&program);
    assert!(
        said.trim_end()
            .ends_with(&format!("{}, needs {newest}", machine())),
        "{said}{newest}"
    );
}
