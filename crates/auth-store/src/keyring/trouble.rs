//! What the errors of a Secret Service mean.

use auth_core::ports::StoreError;
use secret_service::Error;

/// Not done, and why.
pub(super) enum Trouble {
    /// The keyring, or what is asked for in it, is locked.
    Locked,
    /// There is no collection that new entries go to.
    NoCollection,
    /// No bus, or no service on it.
    Absent(Box<Error>),
    /// The service went away, and may be there again.
    Gone(Box<Error>),
    Other(Box<Error>),
}

impl Trouble {
    /// True if another connection may do better.
    pub(super) fn is_passing(&self) -> bool {
        matches!(self, Self::Gone(_))
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match &error {
            Error::Locked | Error::Prompt | Error::PromptDisconnected => Self::Locked,
            Error::NoResult => Self::NoCollection,
            Error::Unavailable => Self::Absent(error.into()),
            Error::Zbus(inner) | Error::ZbusFdo(zbus::fdo::Error::ZBus(inner)) => match by_name(inner) {
                Some(sort) => sort(error.into()),
                None if matches!(inner, zbus::Error::InputOutput(_)) => Self::Gone(error.into()),
                None => Self::Other(error.into()),
            },
            Error::ZbusFdo(inner) => match inner {
                zbus::fdo::Error::ServiceUnknown(_) | zbus::fdo::Error::NameHasNoOwner(_) => {
                    Self::Absent(error.into())
                }
                zbus::fdo::Error::NoReply(_)
                | zbus::fdo::Error::Disconnected(_)
                | zbus::fdo::Error::UnknownObject(_)
                | zbus::fdo::Error::UnknownMethod(_) => Self::Gone(error.into()),
                _ => Self::Other(error.into()),
            },
            _ => Self::Other(error.into()),
        }
    }
}

/// No connection to the bus.
impl From<zbus::Error> for Trouble {
    fn from(error: zbus::Error) -> Self {
        Self::Absent(Box::new(error.into()))
    }
}

/// What the service, or the bus, calls an error.
fn by_name(error: &zbus::Error) -> Option<fn(Box<Error>) -> Trouble> {
    let name = match error {
        zbus::Error::MethodError(name, _, _) => name.as_str(),
        zbus::Error::FDO(inner) => match &**inner {
            zbus::fdo::Error::ServiceUnknown(_) | zbus::fdo::Error::NameHasNoOwner(_) => {
                return Some(Trouble::Absent);
            }
            zbus::fdo::Error::NoReply(_)
            | zbus::fdo::Error::Disconnected(_)
            | zbus::fdo::Error::UnknownObject(_)
            | zbus::fdo::Error::UnknownMethod(_) => return Some(Trouble::Gone),
            _ => return None,
        },
        _ => return None,
    };
    match name {
        "org.freedesktop.Secret.Error.IsLocked" => Some(|_| Trouble::Locked),
        "org.freedesktop.Secret.Error.NoSession"
        | "org.freedesktop.Secret.Error.NoSuchObject"
        | "org.freedesktop.DBus.Error.NoReply"
        | "org.freedesktop.DBus.Error.Disconnected"
        | "org.freedesktop.DBus.Error.UnknownObject"
        | "org.freedesktop.DBus.Error.UnknownMethod" => Some(Trouble::Gone),
        "org.freedesktop.DBus.Error.ServiceUnknown" | "org.freedesktop.DBus.Error.NameHasNoOwner" => {
            Some(Trouble::Absent)
        }
        name if name.starts_with("org.freedesktop.DBus.Error.Spawn.") => Some(Trouble::Absent),
        _ => None,
    }
}

impl From<Trouble> for StoreError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Locked => Self::unavailable("the keyring is locked; unlock it and try again"),
            Trouble::NoCollection => Self::unavailable(
                "the keyring has no default collection; create one, as by a login to the desktop",
            ),
            Trouble::Absent(error) => {
                Self::unavailable("no keyring is running in this session").because(*error)
            }
            Trouble::Gone(error) => Self::unavailable("the keyring went away; try again").because(*error),
            Trouble::Other(error) => {
                Self::unavailable("the keyring did not do what was asked").because(*error)
            }
        }
    }
}
