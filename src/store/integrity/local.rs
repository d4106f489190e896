//! A signing key on this machine.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use orgscan_files::disk;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};

use super::{PublicKey, pem};

const PRIVATE_KEY: &str = "PRIVATE KEY";

/// The key's place below the folder for the user's data.
const NAME: &str = "orgscan/signing-key.pem";

/// How much of a key's file is read, in bytes.
const LARGEST_KEY: u64 = 65_536;

/// An Ed25519 key on this machine.
#[derive(Debug)]
pub struct LocalKey {
    pair: Ed25519KeyPair,
}

/// Why there is no local key.
#[derive(Debug, thiserror::Error)]
pub enum LocalKeyError {
    /// The file system refuses.
    #[error(
        "the signing key {path}: {source}; check that its folder is writable, or set another file \
         in destinations.report.signing.key_file"
    )]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Somebody else can read the key, or put another one in its place.
    #[error(
        "other users can read or write the signing key {path} (mode {mode:04o}); if somebody may have read it, move it \
         away, and orgscan creates a new key; otherwise run chmod 600 on it"
    )]
    Open {
        /// Where.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file is no key.
    #[error(
        "{path} is not an Ed25519 key in PEM; restore the previous key, or move the file away, and orgscan creates a new \
         key; then `orgscan verify` reports a change of the key"
    )]
    Damaged {
        /// Where.
        path: PathBuf,
    },
    /// There is no randomness to be had.
    #[error("no signing key can be created, because this machine returns no random numbers")]
    Random,
}

/// Where the key is unless the configuration says otherwise: `$XDG_DATA_HOME/orgscan/signing-key.pem`, or
/// the same below `~/.local/share`. None in a Lambda function, whose disk goes with it, and where there is
/// no home.
pub fn default_key_file(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let set = |name| {
        variable(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if set("AWS_LAMBDA_FUNCTION_NAME").is_some() {
        return None;
    }
    let data = set("XDG_DATA_HOME").filter(|path| path.is_absolute());
    let data = data.or_else(|| Some(set("HOME")?.join(".local/share")))?;
    Some(data.join(NAME))
}

impl LocalKey {
    /// The key in this file, which is created if it does not exist. Its public key is in the file `.pub` beside it.
    ///
    /// # Errors
    /// [`LocalKeyError`]
    pub fn at(path: &Path) -> Result<Self, LocalKeyError> {
        match read_private(path)? {
            Some(text) => Self::read(path, &text),
            None => Self::make(path),
        }
    }

    fn read(path: &Path, text: &str) -> Result<Self, LocalKeyError> {
        let der = pem::read(PRIVATE_KEY, text);
        // The public half may be missing: openssl leaves it out.
        let pair = der.and_then(|der| Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).ok());
        let pair = pair.ok_or_else(|| LocalKeyError::Damaged {
            path: path.to_owned(),
        })?;
        Ok(Self { pair })
    }

    /// Two processes that create it at once end with the same key: that of the first one.
    fn make(path: &Path) -> Result<Self, LocalKeyError> {
        let der = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new());
        let der = der.map_err(|_| LocalKeyError::Random)?;
        let text = pem::write(PRIVATE_KEY, der.as_ref());
        let made = write_new(path, &text);
        match made {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Self::at(path),
            made => made.map_err(|error| refused(path, error))?,
        }
        let key = Self::read(path, &text)?;
        let public = path.with_extension("pub");
        let write = || -> io::Result<()> {
            let folder = public.parent().unwrap_or(&public);
            let pem = key.public().to_pem();
            Ok(disk::write_temporary(folder, pem.as_bytes(), true)?.persist(&public)?)
        };
        write().map_err(|error| refused(&public, error))?;
        tracing::info!(path = %path.display(), fingerprint = key.public().fingerprint(), "signing key created");
        Ok(key)
    }

    /// Its public half.
    pub fn public(&self) -> PublicKey {
        PublicKey::ed25519(self.pair.public_key().as_ref())
    }

    /// Its signature of these bytes.
    pub fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        self.pair.sign(bytes).as_ref().to_vec()
    }
}

/// Temporary files are readable for their owner alone, and so is what becomes of one.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    disk::create_folders(folder)?;
    let mut file = tempfile::Builder::new()
        .prefix(".signing-key-")
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    Ok(())
}

/// What is in the key's file, which has to be its owner's alone; none where there is no file.
fn read_private(path: &Path) -> Result<Option<String>, LocalKeyError> {
    let file = match disk::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refused(path, error)),
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let about = file.metadata().map_err(|error| refused(path, error))?;
        let mode = about.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            let path = path.to_owned();
            return Err(LocalKeyError::Open { path, mode });
        }
    }
    let mut text = String::new();
    // A key has a few hundred bytes; what is cut off here is none.
    let read = file.take(LARGEST_KEY).read_to_string(&mut text);
    match read {
        Ok(_) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(Some(String::new())),
        Err(error) => Err(refused(path, error)),
    }
}

fn refused(path: &Path, source: io::Error) -> LocalKeyError {
    let path = path.to_owned();
    LocalKeyError::Io { path, source }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_key_is_made_once_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/signing-key.pem");
        let key = LocalKey::at(&path).unwrap();
        let again = LocalKey::at(&path).unwrap();
        assert_eq!(key.public(), again.public());
        let signature = key.sign(b"text");
        assert!(again.public().has_signed(b"text", &signature));
        assert!(!again.public().has_signed(b"test", &signature));
        let public = fs::read_to_string(path.with_extension("pub")).unwrap();
        assert_eq!(PublicKey::from_pem(&public).unwrap(), key.public());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_key_that_others_can_read_or_write_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signing-key.pem");
        LocalKey::at(&path).unwrap();
        let with = |mode| {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            LocalKey::at(&path).map_err(|error| error.to_string())
        };
        for mode in [0o644, 0o640, 0o620, 0o602, 0o604, 0o666] {
            let error = with(mode).unwrap_err();
            let message = format!("(mode {mode:04o})");
            assert!(
                error.contains(&message) && error.contains("chmod 600"),
                "{error}"
            );
        }
        assert!(with(0o600).is_ok() && with(0o400).is_ok());
    }

    #[test]
    fn a_file_that_is_no_key_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        disk::create(&path).unwrap();
        fs::write(&path, "something else").unwrap();
        let error = LocalKey::at(&path).unwrap_err().to_string();
        assert!(
            error.contains("key.pem") && error.contains("restore the previous key"),
            "{error}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "something else");
    }

    #[test]
    fn the_key_is_in_the_users_data_and_nowhere_in_lambda() {
        let of = |variables: &[(&str, &str)]| {
            default_key_file(|name| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| value.into())
            })
        };
        assert_eq!(
            of(&[("HOME", "/home/ann"), ("XDG_DATA_HOME", "")]),
            Some("/home/ann/.local/share/orgscan/signing-key.pem".into())
        );
        assert_eq!(
            of(&[("HOME", "/home/ann"), ("XDG_DATA_HOME", "/data")]),
            Some("/data/orgscan/signing-key.pem".into())
        );
        assert_eq!(of(&[]), None);
        assert_eq!(
            of(&[("HOME", "/root"), ("AWS_LAMBDA_FUNCTION_NAME", "scan")]),
            None
        );
    }
}
