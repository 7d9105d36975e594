//! Which programs there are, what each of them tries, and what has to come of it.

use std::fmt;

use super::host::Host;

/// What the program has of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Own {
    pub(super) reqwest: Reqwest,
    rustls: Rustls,
}

/// All sets of features of its own.
pub(super) const OWN: &[Own] = &[
    Own { reqwest: Reqwest::NoFeatures, rustls: Rustls::Absent },
    Own { reqwest: Reqwest::Json, rustls: Rustls::Absent },
    Own { reqwest: Reqwest::Rustls, rustls: Rustls::Absent },
    Own { reqwest: Reqwest::Default, rustls: Rustls::Absent },
    Own { reqwest: Reqwest::NativeTls, rustls: Rustls::Absent },
    Own { reqwest: Reqwest::NoFeatures, rustls: Rustls::AwsLcRs },
    Own { reqwest: Reqwest::NoFeatures, rustls: Rustls::Ring },
];

/// The features of its reqwest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reqwest {
    NoFeatures,
    Json,
    Rustls,
    Default,
    NativeTls,
}

impl Reqwest {
    fn has_tls(self) -> bool {
        !matches!(self, Self::NoFeatures | Self::Json)
    }
}

/// The crypto provider of a rustls that it uses itself, and leaves to rustls to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rustls {
    Absent,
    AwsLcRs,
    Ring,
}

/// What it has of `auth-client`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Client {
    Absent,
    NoFeatures,
    Http,
    Middleware,
    Default,
    All,
}

impl Client {
    /// All but `Absent`.
    pub(super) const ALL: [Self; 5] =
        [Self::NoFeatures, Self::Http, Self::Middleware, Self::Default, Self::All];

    fn brings_rustls(self) -> bool {
        matches!(self, Self::Default | Self::All)
    }

    fn has_transport(self) -> bool {
        !matches!(self, Self::Absent | Self::NoFeatures)
    }

    fn has_middleware(self) -> bool {
        matches!(self, Self::Middleware | Self::All)
    }
}

/// One program.
#[derive(Clone, Copy, Debug)]
pub(super) struct Program {
    pub(super) own: Own,
    pub(super) client: Client,
}

/// One thing that it tries, by the name it has in `tests/outside/src/main.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) host: Host,
}

/// What has to come of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// To the letter what comes without us.
    AsAlone,
    Is(&'static str),
    Has(&'static str),
}

const HOSTS: [Host; 3] = [Host::Plain, Host::Trusted, Host::Untrusted];

impl Program {
    /// What `cargo --features` takes.
    pub(super) fn features(self) -> String {
        let reqwest = match self.own.reqwest {
            Reqwest::NoFeatures => "",
            Reqwest::Json => "reqwest-json",
            Reqwest::Rustls => "reqwest-rustls",
            Reqwest::Default => "reqwest-default",
            Reqwest::NativeTls => "reqwest-native-tls",
        };
        let rustls = match self.own.rustls {
            Rustls::Absent => "",
            Rustls::AwsLcRs => "rustls-aws-lc-rs",
            Rustls::Ring => "rustls-ring",
        };
        let client = match self.client {
            Client::Absent => "",
            Client::NoFeatures => "client-none",
            Client::Http => "client-http",
            Client::Middleware => "client-middleware",
            Client::Default => "client-default",
            Client::All => "client-all",
        };
        let all = [reqwest, rustls, client].into_iter().filter(|name| !name.is_empty());
        all.collect::<Vec<_>>().join(",")
    }

    /// What it tries, and what has to come of it.
    pub(super) fn checks(self) -> Vec<(Check, Expected)> {
        let mut checks: Vec<_> =
            HOSTS.map(|host| (Check { name: "get", host }, self.expected_of_get(host))).to_vec();
        let mut add = |name, host, expected| checks.push((Check { name, host }, expected));
        if self.own.rustls != Rustls::Absent {
            add("rustls", Host::Plain, self.expected_of_rustls());
        }
        if self.client == Client::NoFeatures {
            add("build", Host::Plain, Expected::Has("a transport is needed"));
        }
        for host in HOSTS.into_iter().filter(|_| self.client.has_transport()) {
            add("sign-in", host, self.expected_of_ours(host, "plain@example.com, 200"));
            if self.client.has_middleware() {
                add("bearer", host, self.expected_of_ours(host, "200, 200"));
            }
        }
        if self.client.has_transport() && self.own.rustls != Rustls::Absent {
            add("install", Host::Plain, Expected::Is("plain@example.com, 200, installed"));
        }
        checks
    }

    fn has_tls(self) -> bool {
        self.own.reqwest.has_tls() || self.client.brings_rustls()
    }

    /// The one thing that our feature `rustls` may add is that `https` works.
    fn expected_of_get(self, host: Host) -> Expected {
        if self.client != Client::Absent && self.has_tls() == self.own.reqwest.has_tls() {
            return Expected::AsAlone;
        }
        match (host, self.has_tls()) {
            (Host::Plain, _) if self.client != Client::Absent => Expected::AsAlone,
            // The sandbox has nothing at its root.
            (Host::Plain, _) | (Host::Trusted, true) => Expected::Is("404"),
            (Host::Untrusted, true) => Expected::Has("certificate"),
            (Host::Trusted | Host::Untrusted, false) => Expected::Has("scheme is not http"),
        }
    }

    /// What no feature can mend: rustls finds no provider by itself where there are two. The documents of auth-client say so.
    fn expected_of_rustls(self) -> Expected {
        match (self.client, self.own.rustls) {
            (Client::Absent, _) => Expected::Has("cipher suites"),
            (client, Rustls::Ring) if client.brings_rustls() => {
                Expected::Has("Could not automatically determine the process-level CryptoProvider")
            }
            _ => Expected::AsAlone,
        }
    }

    fn expected_of_ours(self, host: Host, success: &'static str) -> Expected {
        match host {
            Host::Plain => Expected::Is(success),
            Host::Trusted if self.has_tls() => Expected::Is(success),
            Host::Trusted | Host::Untrusted => Expected::Has("no secure connection to the host"),
        }
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { own, client } = self;
        write!(f, "reqwest {:?}, rustls {:?}, auth-client {client:?}", own.reqwest, own.rustls)
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({:?})", self.name, self.host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(reqwest: Reqwest, rustls: Rustls, client: Client, name: &str, host: Host) -> Expected {
        let program = Program { own: Own { reqwest, rustls }, client };
        let of = |(check, _): &(Check, Expected)| check.name == name && check.host == host;
        program.checks().into_iter().find(of).expect("the program makes this check").1
    }

    #[test]
    fn what_the_program_has_of_its_own_stays_as_it_is() {
        for own in OWN {
            for client in Client::ALL {
                let get = |host| expected(own.reqwest, own.rustls, client, "get", host);
                assert_eq!(get(Host::Plain), Expected::AsAlone);
                let added = !own.reqwest.has_tls() && client.brings_rustls();
                assert_eq!(get(Host::Trusted) == Expected::AsAlone, !added, "{own:?} {client:?}");
                assert_eq!(get(Host::Untrusted) == Expected::AsAlone, !added, "{own:?} {client:?}");
            }
        }
    }

    #[test]
    fn one_program_is_known_to_break_and_only_with_our_rustls() {
        for client in Client::ALL {
            let of = |rustls| expected(Reqwest::NoFeatures, rustls, client, "rustls", Host::Plain);
            assert_eq!(of(Rustls::AwsLcRs), Expected::AsAlone);
            assert_eq!(of(Rustls::Ring) == Expected::AsAlone, !client.brings_rustls(), "{client:?}");
        }
    }

    #[test]
    fn each_program_has_features_of_its_own() {
        let mut all: Vec<_> = OWN
            .iter()
            .flat_map(|own| Client::ALL.map(|client| Program { own: *own, client }.features()))
            .collect();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
