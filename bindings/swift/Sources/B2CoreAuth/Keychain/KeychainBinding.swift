import Foundation

/// What the records of a ``KeychainSessionStore`` are bound to.
public enum KeychainBinding: Equatable, Sendable {
    /// The device alone. The Keychain outlives an uninstall: if the user deletes the app and installs it again, they are still signed
    /// in, and so is whoever installs it on a device that was handed on without being erased.
    case device

    /// The device and this installation of the app. A random id in the marker file and in every record tells the installations apart:
    /// the file goes with the app, and the records of an installation that is gone are removed at the first use of the store.
    ///
    /// - The marker is in a folder that nobody else writes, such as Application Support; it is made there with a
    ///   `.lock` beside it, and no backup includes it. It is no secret. One that holds no id is
    ///   made anew (``KeychainFault/markerDamaged``), which makes the app another installation.
    /// - An app and its extensions that share records need the same marker, in the container of their app group. The system removes
    ///   that container with the last app of the group.
    /// - Without an access group, the store keeps to the app's default group: it reads, writes and removes nothing of another one.
    /// - Whoever is signed in by a version of the app without this binding is signed out by the update that turns it on: their
    ///   records have no id, so nobody can say whose they are.
    /// - A backup that is restored on the same device does not have the marker: the user signs in again.
    case installation(marker: URL)
}
