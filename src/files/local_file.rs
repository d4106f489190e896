//! Files of this machine that people name: read whole, up to a bound of their kind.

use std::io::{self, Read};
use std::path::Path;

use crate::disk;

/// The most bytes of a file that people write: of a configuration, faults, a checkpoint, a key.
pub const SMALL: u64 = 1 << 20;

/// The most bytes of a list that people write: exceptions, a mutelist.
pub const LIST: u64 = 1 << 22;

/// Reads a file of up to `most` bytes.
///
/// # Errors
/// Where it cannot be read, is not a regular file, or is larger.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    disk::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => {
            let what = format!("it has more than {most} bytes");
            Err(io::Error::new(io::ErrorKind::InvalidInput, what))
        }
        false => Ok(bytes),
    }
}

/// Reads a text in the same way.
///
/// # Errors
/// As [`read`], and where it is not UTF-8.
pub fn read_text(path: &Path, most: u64) -> io::Result<String> {
    let not_text = |_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text");
    String::from_utf8(read(path, most)?).map_err(not_text)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};

    use super::*;

    fn refused(path: &Path) -> String {
        read(path, 10).unwrap_err().to_string()
    }

    #[test]
    fn a_file_is_read_up_to_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "0123456789").unwrap();
        assert_eq!(read_text(&path, 10).unwrap(), "0123456789");
        fs::write(&path, "0123456789a").unwrap();
        assert_eq!(refused(&path), "it has more than 10 bytes");
        // Sparse: nobody reads a terabyte to find out.
        File::create(&path).unwrap().set_len(1 << 40).unwrap();
        assert_eq!(refused(&path), "it has more than 10 bytes");
        fs::write(&path, [0xff]).unwrap();
        let error = read_text(&path, 10).unwrap_err();
        assert_eq!(error.to_string(), "it is not UTF-8 text");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_a_device_and_a_folder_are_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&pipe, &link).unwrap();
        for path in [&*pipe, &link, folder.path(), Path::new("/dev/zero")] {
            assert_eq!(refused(path), "is not a regular file", "{path:?}");
        }
        let none = read(&folder.path().join("none"), 10).unwrap_err();
        assert_eq!(none.kind(), io::ErrorKind::NotFound);
    }
}
