//! A file that is too large, or that others could read.

use super::*;

#[tokio::test]
async fn a_huge_file_is_not_read() {
    let place = Place::new();
    fs::write(place.path(), r#"{"format":"b2auth-store","#).unwrap();
    fs::OpenOptions::new().write(true).open(place.path()).unwrap().set_len(1 << 40).unwrap();
    assert_eq!(place.open().load(&session()).await.unwrap_err().kind(), "store_io");
    assert_eq!(fs::metadata(place.path()).unwrap().len(), 1 << 40);
    fs::File::create(place.path()).unwrap().set_len(1 << 40).unwrap();
    assert_eq!(place.open().load(&session()).await.unwrap_err().kind(), "not_a_store");
    assert_eq!(fs::metadata(place.path()).unwrap().len(), 1 << 40);
}

#[cfg(unix)]
#[tokio::test]
async fn a_damaged_file_that_others_could_read_is_private_in_quarantine() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    fs::write(place.path(), r#"{"format":"b2auth-store","#).unwrap();
    fs::set_permissions(place.path(), PermissionsExt::from_mode(0o644)).unwrap();
    assert!(is_corrupt(&place.open().load(&session()).await));
    assert_eq!(fs::metadata(place.beside(".damaged-1")).unwrap().permissions().mode() & 0o777, 0o600);
}
