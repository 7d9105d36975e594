//! Which of our crates may depend on which: the layering, as a table.

use cargo_metadata::{DependencyKind, Metadata};

use super::finding::Finding;

/// What one crate may depend on, among our own.
#[derive(Debug)]
struct Rule {
    from: &'static str,
    /// Allowed as normal dependencies.
    may: &'static [&'static str],
    /// Allowed as normal dependencies that a feature turns on.
    may_by_feature: &'static [&'static str],
}

/// The layering. A crate that is not here has no place in the workspace yet.
const RULES: &[Rule] = &[
    Rule { from: "auth-core", may: &[], may_by_feature: &[] },
    Rule { from: "auth-http", may: &["auth-core"], may_by_feature: &[] },
    Rule { from: "auth-store", may: &["auth-core"], may_by_feature: &[] },
    // Texts for the core's codes and data.
    Rule { from: "auth-messages", may: &["auth-core"], may_by_feature: &[] },
    // One name for a Rust user. Of the stores only the light part is always there; whoever brings a transport builds none of ours.
    Rule { from: "auth-client", may: &["auth-core", "auth-store"], may_by_feature: &["auth-http"] },
    // Its flavours are features of auth-client; a transport or store of its own would be logic. Of auth-http it takes the feature
    // that chooses the crypto provider.
    Rule { from: "auth-ffi", may: &["auth-core", "auth-client"], may_by_feature: &["auth-http"] },
    Rule { from: "uniffi-bindgen", may: &[], may_by_feature: &[] },
    // It writes its own JSON: one misreading of the API must not pass on both sides.
    Rule { from: "auth-sandbox", may: &[], may_by_feature: &[] },
    // The sandbox for other languages; the client is a library of its own, so that no app carries the sandbox.
    Rule { from: "auth-sandbox-ffi", may: &["auth-sandbox"], may_by_feature: &[] },
    Rule {
        from: "auth-cli",
        may: &["auth-client", "auth-core", "auth-http", "auth-messages", "auth-store", "auth-sandbox"],
        may_by_feature: &[],
    },
    Rule {
        from: "e2e",
        may: &["auth-client", "auth-core", "auth-http", "auth-sandbox", "auth-store"],
        may_by_feature: &[],
    },
    // It asks the core's decisions, and mirrors the driver's code around them.
    Rule { from: "session-model", may: &["auth-core"], may_by_feature: &[] },
    Rule { from: "xtask", may: &[], may_by_feature: &[] },
];

/// Ends of the graph: nothing depends on them, not even tests.
const ENDS: &[&str] =
    &["auth-cli", "auth-ffi", "auth-sandbox-ffi", "e2e", "session-model", "uniffi-bindgen", "xtask"];

/// One of our crates and its dependencies on others of ours.
#[derive(Clone, Debug)]
pub(crate) struct Crate {
    name: String,
    edges: Vec<Edge>,
}

#[derive(Clone, Debug)]
struct Edge {
    to: String,
    kind: DependencyKind,
    optional: bool,
}

/// Our crates and the edges between them.
pub(crate) fn read(metadata: &Metadata) -> Vec<Crate> {
    let packages = metadata.workspace_packages();
    let is_ours = |name: &str| packages.iter().any(|package| package.name.as_str() == name);
    let edges = |package: &cargo_metadata::Package| {
        let ours = package.dependencies.iter().filter(|dependency| is_ours(&dependency.name));
        ours.map(|d| Edge { to: d.name.clone(), kind: d.kind, optional: d.optional }).collect()
    };
    packages.iter().map(|package| Crate { name: package.name.to_string(), edges: edges(package) }).collect()
}

/// Compares the edges with the table.
pub(crate) fn check(crates: &[Crate]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for member in crates {
        let mut complain = |what: String| findings.push(Finding::error(&member.name, what));
        let Some(rule) = RULES.iter().find(|rule| rule.from == member.name) else {
            complain("is not in the table of xtask/src/tidy/edges.rs".to_owned());
            continue;
        };
        for Edge { to, kind, optional } in &member.edges {
            if ENDS.contains(&to.as_str()) {
                complain(format!("depends on {to}, which nothing may depend on"));
            } else if *kind != DependencyKind::Normal || rule.may.contains(&to.as_str()) {
                // Tests may use any crate.
            } else if !rule.may_by_feature.contains(&to.as_str()) {
                complain(format!("must not depend on {to}"));
            } else if !optional {
                complain(format!("may depend on {to} only optionally, by a feature"));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(to: &str) -> Edge {
        Edge { to: to.to_owned(), kind: DependencyKind::Normal, optional: false }
    }

    fn found(name: &str, edges: &[Edge]) -> Vec<String> {
        let member = Crate { name: name.to_owned(), edges: edges.to_vec() };
        check(&[member]).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn allowed_edges_pass() {
        assert!(found("auth-http", &[normal("auth-core")]).is_empty());
        let optional = Edge { optional: true, ..normal("auth-http") };
        assert!(found("auth-client", &[normal("auth-core"), normal("auth-store"), optional]).is_empty());
        let for_tests = Edge { kind: DependencyKind::Development, ..normal("auth-sandbox") };
        assert!(found("auth-client", &[for_tests]).is_empty());
    }

    #[test]
    fn a_wrong_edge_is_found() {
        assert_eq!(found("auth-core", &[normal("auth-http")]), ["auth-core: must not depend on auth-http"]);
        assert_eq!(found("auth-sandbox", &[normal("auth-core")]).len(), 1);
        assert_eq!(found("auth-http", &[normal("auth-store"), normal("auth-client")]).len(), 2);
    }

    #[test]
    fn the_clients_adapters_must_be_optional() {
        let found = found("auth-client", &[normal("auth-http")]);
        assert_eq!(found, ["auth-client: may depend on auth-http only optionally, by a feature"]);
    }

    #[test]
    fn nothing_depends_on_an_end_not_even_a_test() {
        let for_tests = Edge { kind: DependencyKind::Development, ..normal("auth-cli") };
        let found = found("e2e", &[for_tests]);
        assert_eq!(found, ["e2e: depends on auth-cli, which nothing may depend on"]);
    }

    #[test]
    fn an_unknown_crate_is_found() {
        assert_eq!(found("auth-new", &[]), ["auth-new: is not in the table of xtask/src/tidy/edges.rs"]);
    }

    #[test]
    fn the_table_is_about_itself_only() {
        for rule in RULES {
            for to in rule.may.iter().chain(rule.may_by_feature) {
                assert!(RULES.iter().any(|other| other.from == *to), "{to}");
                assert!(!ENDS.contains(to), "{to}");
            }
        }
    }
}
