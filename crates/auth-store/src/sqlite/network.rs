//! File systems on which a database cannot be shared: the write-ahead log's index is memory that all processes see, and between machines
//! there is none.

use std::{io, path::Path};

/// Refuses a folder on a network's file system, as far as the system tells.
///
/// # Errors
/// [`Unsupported`](io::ErrorKind::Unsupported), with a text that says why.
pub(super) fn check(folder: &Path) -> io::Result<()> {
    if is_on_network(folder) {
        let said = "it is on a network's file system, where SQLite's locks do not hold";
        return Err(io::Error::new(io::ErrorKind::Unsupported, said));
    }
    Ok(())
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn is_on_network(folder: &Path) -> bool {
    rustix::fs::statfs(folder).is_ok_and(|found| is_network(found.f_type as u64 & 0xffff_ffff))
}

/// Elsewhere it is the caller's to know.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn is_on_network(_: &Path) -> bool {
    false
}

/// NFS, SMB and CIFS in three versions, NCP, AFS twice, Coda, Ceph, 9P, Lustre, GFS2, OCFS2. Behind FUSE anything may be, also a disk.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn is_network(kind: u64) -> bool {
    const NETWORKS: [u64; 13] = [
        0x6969,
        0x517b,
        0xff53_4d42,
        0xfe53_4d42,
        0x564c,
        0x5346_414f,
        0x6b41_4653,
        0x7375_7245,
        0x00c3_6400,
        0x0102_1997,
        0x0bd0_0bd0,
        0x0116_1970,
        0x7461_636f,
    ];
    NETWORKS.contains(&kind)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_local_disk_is_no_network_and_nfs_and_smb_are() {
        assert!(check(tempfile::tempdir().unwrap().path()).is_ok());
        // ext4, xfs, btrfs, tmpfs, overlayfs.
        for local in [0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0x794c_7630] {
            assert!(!is_network(local), "{local:x}");
        }
        assert!(is_network(0x6969) && is_network(0xfe53_4d42));
    }
}
