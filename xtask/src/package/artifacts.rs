//! What is published: the artefacts, and how they belong together.

/// The group of all of them.
pub(crate) const GROUP: &str = "b2core.auth";

/// An artefact by its coordinates.
pub(super) struct Artifact {
    pub(super) id: &'static str,
    /// What it says of itself, after "B2Core Auth".
    pub(super) title: &'static str,
    /// The folder of the Maven module whose classes it has, below `bindings/kotlin`; none has none.
    pub(super) module: Option<&'static str>,
    pub(super) kind: Kind,
    /// The native libraries that it carries.
    pub(super) natives: &'static [Native],
    /// The artefact that an Android app gets in its place.
    pub(super) on_android: Option<OnAndroid>,
    /// The artefact that it is used in place of: a build has one of the two.
    pub(super) instead_of: Option<&'static str>,
}

/// What its main file is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Jar,
    Aar,
}

/// What an Android app gets.
#[derive(Clone, Copy)]
pub(super) enum OnAndroid {
    /// Another artefact.
    Instead(&'static str),
    /// The same, for tests that run on the developer's machine, which needs this one beside.
    With(&'static str),
}

/// A native library, which is built for each platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Native {
    /// The library with its own HTTP stack and file store.
    Bundled,
    /// The library that takes both from the app.
    Platform,
    /// The host that apps' tests sign in to.
    Sandbox,
}

impl Native {
    pub(super) const ALL: [Self; 3] = [Self::Bundled, Self::Platform, Self::Sandbox];

    /// The name of its folder, and of the flavour.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bundled => "bundled",
            Self::Platform => "platform",
            Self::Sandbox => "sandbox",
        }
    }

    /// The name of the library, without prefix and suffix. Both flavours have the same one.
    pub(super) fn library(self) -> &'static str {
        match self {
            Self::Bundled | Self::Platform => "b2core_auth",
            Self::Sandbox => "b2core_auth_sandbox",
        }
    }

    /// The crate that it is built from.
    pub(super) fn package(self) -> &'static str {
        match self {
            Self::Bundled | Self::Platform => "auth-ffi",
            Self::Sandbox => "auth-sandbox-ffi",
        }
    }

    /// The arguments for cargo that choose its features.
    pub(super) fn features(self) -> &'static [&'static str] {
        match self {
            Self::Platform => &["--no-default-features"],
            Self::Bundled | Self::Sandbox => &[],
        }
    }
}

/// The artefacts with a file of their own, the flavour `bundled` of each before its `platform`. The BOM names all of them.
pub(super) const ALL: &[Artifact] = &[
    Artifact {
        id: "b2core-auth",
        title: "sign-in, sessions and QR sign-in, for Kotlin and Java",
        module: Some("core"),
        kind: Kind::Jar,
        natives: &[Native::Bundled],
        on_android: Some(OnAndroid::Instead("b2core-auth-android")),
        instead_of: None,
    },
    Artifact {
        id: "b2core-auth-platform",
        title: "the same without an HTTP stack and a file store of its own",
        module: Some("core"),
        kind: Kind::Jar,
        natives: &[Native::Platform],
        on_android: Some(OnAndroid::Instead("b2core-auth-android-platform")),
        instead_of: Some("b2core-auth"),
    },
    Artifact {
        id: "b2core-auth-okhttp",
        title: "access tokens on OkHttp's requests, and OkHttp as the transport",
        module: Some("okhttp"),
        kind: Kind::Jar,
        natives: &[],
        on_android: None,
        instead_of: None,
    },
    Artifact {
        id: "b2core-auth-ktor",
        title: "access tokens on the requests of Ktor's client",
        module: Some("ktor"),
        kind: Kind::Jar,
        natives: &[],
        on_android: None,
        instead_of: None,
    },
    Artifact {
        id: "b2core-auth-test",
        title: "a B2Core-compatible host in the process of an app's tests",
        module: Some("testing"),
        kind: Kind::Jar,
        natives: &[Native::Sandbox],
        on_android: Some(OnAndroid::With("b2core-auth-natives")),
        instead_of: None,
    },
    Artifact {
        id: "b2core-auth-natives",
        title: "the native libraries alone, for tests of Android apps that run on the developer's machine",
        module: None,
        kind: Kind::Jar,
        natives: &[Native::Bundled],
        on_android: None,
        instead_of: None,
    },
    Artifact {
        id: "b2core-auth-android",
        title: "sign-in, sessions and QR sign-in for Android, and a store on its Keystore",
        module: Some("android"),
        kind: Kind::Aar,
        natives: &[Native::Bundled],
        on_android: None,
        instead_of: None,
    },
    Artifact {
        id: "b2core-auth-android-platform",
        title: "the same without an HTTP stack and a file store of its own",
        module: Some("android"),
        kind: Kind::Aar,
        natives: &[Native::Platform],
        on_android: None,
        instead_of: Some("b2core-auth-android"),
    },
];

/// What aligns the versions of all of them.
pub(super) const BOM: &str = "b2core-auth-bom";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_artefact_names_is_published_too() {
        let exists = |id: &str| ALL.iter().any(|artifact| artifact.id == id);
        for artifact in ALL {
            assert!(artifact.instead_of.is_none_or(exists), "{}", artifact.id);
            assert!(
                artifact.on_android.is_none_or(|on| match on {
                    OnAndroid::Instead(id) | OnAndroid::With(id) => exists(id),
                }),
                "{}",
                artifact.id
            );
        }
    }
}
