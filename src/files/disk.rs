//! Files on the local disk: nothing is left half-written under its name, no symbolic link is followed to
//! be written through, and others read no more than the configuration allows.

use std::fs::{self, DirBuilder, File, OpenOptions, ReadDir};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

pub use orgscan_core::jsonl::LARGEST;
use tempfile::{Builder, NamedTempFile, TempDir, TempPath};

/// How the names of temporary files and folders start, beside the files that they become.
const PREFIX: &str = ".orgscan-";

/// How many random letters and digits follow.
const RANDOM: usize = 6;

/// The numbers of the errors EMFILE and ENFILE, which are the same on Linux, macOS and the BSDs.
const NO_DESCRIPTOR: [i32; 2] = [24, 23];

/// Like the umask, which it adds to, this belongs to the process.
static SHARED: AtomicBool = AtomicBool::new(false);

/// Whether files and folders that are created from now on are for other users too, as far as the umask
/// allows. Without it they are for their owner alone.
pub fn share(shared: bool) {
    SHARED.store(shared, Ordering::Relaxed);
}

/// Whether an operation failed because no file descriptor was free. Another attempt finds one when others
/// are closed.
pub fn lacks_descriptor(error: &io::Error) -> bool {
    let number = error.raw_os_error();
    number.is_some_and(|number| NO_DESCRIPTOR.contains(&number))
}

/// What helps against an error: this, or more file descriptors if that is what was missing.
pub fn advice<'a>(error: &io::Error, otherwise: &'a str) -> &'a str {
    match lacks_descriptor(error) {
        true => "raise the limit of open files (`ulimit -n`)",
        false => otherwise,
    }
}

/// Creates a folder and those above it.
pub fn create_folders(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(if is_shared() { 0o777 } else { 0o700 });
    }
    builder.create(path)
}

/// Creates a file, in place of the one that has the name.
pub fn create(path: &Path) -> io::Result<File> {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        return Err(error);
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    with_mode(&mut options).open(path)
}

/// A file that gets its name later, in the folder that it will be in, so that naming it is one step.
pub fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX).rand_bytes(RANDOM);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(file_mode()));
    }
    builder.tempfile_in(folder)
}

/// A folder for temporary files below this one, for this process alone.
pub fn temporary_folder_in(folder: &Path) -> io::Result<TempDir> {
    private(PREFIX).tempdir_in(folder)
}

/// A folder below the system's one for temporary files, for this process alone.
pub fn temporary_folder() -> io::Result<TempDir> {
    private("orgscan-").tempdir()
}

/// Writes a file that is to get another name: whole, and on the disk where it has to survive a power cut.
/// `folder` is on the same file system as that name.
pub fn write_temporary(folder: &Path, bytes: &[u8], sync: bool) -> io::Result<TempPath> {
    let mut file = temporary(folder)?;
    file.write_all(bytes)?;
    if sync {
        file.as_file().sync_all()?;
    }
    Ok(file.into_temp_path())
}

/// Opens a file to lock it. It is created if it does not exist, and never emptied; a symbolic link in its
/// place is refused.
pub fn open_lock(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
    }
    let opened = with_mode(&mut options).open(path);
    #[cfg(unix)]
    if let Err(error) = &opened
        && error.raw_os_error() == Some(libc::ELOOP)
    {
        let why = "is a symbolic link, and a lock never is one: remove it";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    regular(opened?)
}

/// Waits for the lock on a file: it lasts as long as the file is open. Some network file systems have no
/// locks; a run there was warned.
pub fn lock(path: &Path) -> io::Result<File> {
    let file = open_lock(path)?;
    match file.lock() {
        Err(error) if error.kind() != io::ErrorKind::Unsupported => Err(error),
        _ => Ok(file),
    }
}

/// Opens a file to read it. A pipe or a device in its place, which may have no end, is refused.
pub fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Opening a pipe would wait for somebody who writes to it.
        options.custom_flags(libc::O_NONBLOCK);
    }
    regular(options.open(path)?)
}

/// All of a file, if it is no larger than [`LARGEST`].
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = LARGEST as u64 + 1;
    open(path)?.take(limit).read_to_end(&mut bytes)?;
    match bytes.len() > LARGEST {
        true => Err(too_large()),
        false => Ok(bytes),
    }
}

/// The error for a file that is larger than [`LARGEST`].
pub fn too_large() -> io::Error {
    let why = format!("has more than {LARGEST} bytes, the most that is read");
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// Whether a file has the name of a temporary one of any process of this program.
pub fn is_temporary(name: &str) -> bool {
    let random = name.strip_prefix(PREFIX);
    random.is_some_and(|random| {
        random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Removes the temporary files and folders that a killed process left in a folder. The caller has to be
/// the only one who writes there. `own` is kept.
pub fn remove_leftovers(folder: &Path, own: Option<&Path>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    remove_temporary(entries, own)
}

fn remove_temporary(entries: ReadDir, own: Option<&Path>) -> io::Result<()> {
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        let is_leftover = entry.file_name().to_str().is_some_and(is_temporary);
        if !is_leftover || own == Some(&path) {
            continue;
        }
        tracing::debug!(path = %path.display(), "removing temporary files of a stopped process");
        match entry.file_type()?.is_dir() {
            true => fs::remove_dir_all(&path)?,
            false => fs::remove_file(&path)?,
        }
    }
    Ok(())
}

fn private(prefix: &str) -> Builder<'_, 'static> {
    let mut builder = Builder::new();
    builder.prefix(prefix).rand_bytes(RANDOM);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o700));
    }
    builder
}

fn regular(file: File) -> io::Result<File> {
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "is not a regular file",
        )),
    }
}

fn with_mode(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(file_mode());
    }
    options
}

#[cfg(unix)]
fn file_mode() -> u32 {
    if is_shared() { 0o666 } else { 0o600 }
}

#[cfg(unix)]
fn is_shared() -> bool {
    SHARED.load(Ordering::Relaxed)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_lack_of_descriptors_has_advice_of_its_own() {
        let lack = io::Error::from_raw_os_error(24);
        assert!(advice(&lack, "free the disk").contains("ulimit -n"));
        let full = io::Error::from(io::ErrorKind::StorageFull);
        assert_eq!(advice(&full, "free the disk"), "free the disk");
    }

    #[test]
    fn what_is_created_is_for_its_owner_alone() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("a/b");
        create_folders(&folder).unwrap();
        assert_eq!(
            (mode(&folder), mode(&root.path().join("a"))),
            (0o700, 0o700)
        );
        create(&folder.join("file")).unwrap();
        open_lock(&folder.join("lock")).unwrap();
        let written = write_temporary(&folder, b"1", true).unwrap();
        for path in [&folder.join("file"), &folder.join("lock"), &*written] {
            assert_eq!(mode(path), 0o600, "{}", path.display());
        }
        for temporary in [
            temporary_folder().unwrap(),
            temporary_folder_in(&folder).unwrap(),
        ] {
            assert_eq!(mode(temporary.path()), 0o700);
        }
    }

    #[test]
    fn a_symbolic_link_is_never_written_through() {
        let root = tempfile::tempdir().unwrap();
        let precious = root.path().join("precious");
        fs::write(&precious, "text").unwrap();
        let link = root.path().join("link");
        symlink(&precious, &link).unwrap();
        let error = open_lock(&link).unwrap_err().to_string();
        assert!(error.contains("symbolic link"), "{error}");
        create(&link).unwrap().write_all(b"other").unwrap();
        assert_eq!(fs::read_to_string(&precious).unwrap(), "text");
        assert_eq!(fs::read_to_string(&link).unwrap(), "other");
    }

    #[test]
    fn a_lock_keeps_its_content() {
        let root = tempfile::tempdir().unwrap();
        let lock = root.path().join("lock");
        fs::write(&lock, "text").unwrap();
        open_lock(&lock).unwrap();
        assert_eq!(fs::read_to_string(&lock).unwrap(), "text");
    }

    #[test]
    fn a_device_and_a_file_that_is_too_large_are_refused() {
        let error = open(Path::new("/dev/zero")).unwrap_err().to_string();
        assert!(error.contains("regular file"), "{error}");
        assert!(open_lock(Path::new("/dev/null")).is_err());
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("large");
        let large = File::create(&path).unwrap();
        large.set_len(LARGEST as u64).unwrap();
        assert_eq!(read(&path).unwrap().len(), LARGEST);
        large.set_len(LARGEST as u64 + 1).unwrap();
        assert!(read(&path).is_err());
    }

    #[test]
    fn only_what_has_a_temporary_name_is_removed() {
        let root = tempfile::tempdir().unwrap();
        let left = temporary(root.path()).unwrap().keep().unwrap().1;
        let folder = temporary_folder_in(root.path()).unwrap().keep();
        fs::write(folder.join("file"), "text").unwrap();
        let own = temporary_folder_in(root.path()).unwrap();
        let precious = tempfile::tempdir().unwrap();
        fs::write(precious.path().join("file"), "text").unwrap();
        symlink(precious.path(), root.path().join(".orgscan-linked")).unwrap();
        for name in [
            "report.json",
            ".orgscan-",
            ".orgscan-1234567",
            ".orgscan-12345.",
            ".other",
        ] {
            fs::write(root.path().join(name), "text").unwrap();
            assert!(!is_temporary(name), "{name}");
        }
        remove_leftovers(root.path(), Some(own.path())).unwrap();
        assert!(!left.exists() && !folder.exists() && own.path().exists());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 6);
        assert!(precious.path().join("file").exists());
        remove_leftovers(&root.path().join("none"), None).unwrap();
    }
}
