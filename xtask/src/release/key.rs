//! The key that signs a release. It is read once, and no other program sees it or its path.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{Ed25519KeyPair, KeyPair};

use crate::shell::{Failure, RELEASE_KEY};
use crate::sums;

/// A private key: Ed25519, PKCS#8 in PEM, as `openssl genpkey -algorithm ed25519` writes it.
pub(super) struct Key(Ed25519KeyPair);

impl Key {
    /// The one that the environment names; nothing if it names none.
    pub(super) fn of_environment(repository: &Path) -> Result<Option<Self>, Failure> {
        std::env::var_os(RELEASE_KEY).map(|path| Self::read(Path::new(&path), repository)).transpose()
    }

    /// Reads a file that lies outside of the repository and that only its owner can read.
    fn read(path: &Path, repository: &Path) -> Result<Self, Failure> {
        let refused = |why: &str| Failure::new(format!("{RELEASE_KEY}: {why}"));
        let (path, repository) = path
            .canonicalize()
            .and_then(|path| Ok((path, repository.canonicalize()?)))
            .map_err(|_| refused("there is no such file"))?;
        if path.starts_with(repository) {
            return Err(refused("the key lies in the repository: put it elsewhere"));
        }
        if is_open_to_others(&path) {
            return Err(refused("others can read the key: `chmod 600` it"));
        }
        let pem = fs::read_to_string(path).ok();
        let key = pem.as_deref().and_then(Self::from_pem);
        key.ok_or_else(|| refused("it is no readable Ed25519 key in PKCS#8 PEM"))
    }

    pub(super) fn from_pem(pem: &str) -> Option<Self> {
        let body: String = pem.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
        let der = STANDARD.decode(body).ok()?;
        Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).ok().map(Self)
    }

    /// The public key, 32 bytes.
    pub(super) fn public(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    /// The name by which the public key is found: its sum.
    pub(super) fn id(&self) -> String {
        sums::of_bytes(self.public())
    }

    /// The signature of these bytes.
    pub(super) fn sign(&self, bytes: &[u8]) -> impl AsRef<[u8]> + use<> {
        self.0.sign(bytes)
    }
}

#[cfg(unix)]
fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|it| it.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}

/// Of nobody: made for tests.
#[cfg(test)]
pub(super) const PEM: &str = "-----BEGIN PRIVATE KEY-----\n\
                              MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n\
                              -----END PRIVATE KEY-----\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key_is_refused() {
        assert!(Key::from_pem("").is_none());
        assert!(Key::from_pem(&PEM.replace("MC4C", "AAAA")).is_none());
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_or_that_lies_in_the_repository_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let place = crate::scratch::kept("key");
        let repository = place.join("repository");
        fs::create_dir_all(&repository).unwrap();
        let refused = |path: &Path| Key::read(path, &repository).err().map(|it| it.to_string());
        let write = |path: &Path, mode: u32| {
            fs::write(path, PEM).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        let (inside, outside) = (repository.join("key.pem"), place.join("key.pem"));
        assert!(refused(&outside).unwrap().contains("no such file"));
        write(&outside, 0o640);
        assert!(refused(&outside).unwrap().contains("others can read"));
        write(&outside, 0o600);
        assert_eq!(refused(&outside), None);
        write(&inside, 0o600);
        // By whatever way it is named.
        for path in [inside, place.join("repository/../repository/key.pem")] {
            assert!(refused(&path).unwrap().contains("in the repository"));
        }
        fs::remove_dir_all(&place).unwrap();
    }
}
