use super::*;

/// The findings in a crate of these files; the first one is its root. Paths are inside of `crates/a/src`.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let path = |name: &str| format!("crates/a/src/{name}");
    let read = |wanted: &str| {
        let file = files.iter().find(|(name, _)| path(name) == wanted);
        file.map(|(_, text)| (*text).to_owned())
    };
    let report = report(&[path(files[0].0)], read);
    report.findings().iter().map(ToString::to_string).collect()
}

fn assert_circle(expected: &str, files: &[(&str, &str)]) {
    let line = expected.split(':').nth(1).unwrap().split(' ').next().unwrap();
    let first = expected.split(':').next().unwrap();
    let finding = format!("crates/a/src/{first}:{line}: imports itself in a circle: {expected}");
    assert_eq!(found(files), [finding]);
}

#[track_caller]
fn assert_none(files: &[(&str, &str)]) {
    assert_eq!(found(files), Vec::<String>::new());
}

#[test]
fn through_super() {
    assert_circle(
        "x.rs:1 -> y.rs:2 -> x.rs",
        &[
            ("lib.rs", "mod x; mod y;"),
            ("x.rs", "use super::y::Y;\npub struct X(Y);"),
            ("y.rs", "\nuse super::{x::X};\npub struct Y(Box<X>);"),
        ],
    );
}

#[test]
fn through_crate_and_a_path_in_an_expression() {
    assert_circle(
        "x.rs:2 -> y.rs:1 -> x.rs",
        &[
            ("lib.rs", "mod x; mod y;"),
            ("x.rs", "fn f() {\n let a = crate::y::g();\n}\npub fn h() {}"),
            ("y.rs", "pub fn g() { super::x::h() }"),
        ],
    );
}

#[test]
fn through_a_re_export_of_the_root() {
    assert_circle(
        "s/x.rs:1 -> y.rs:1 -> s/x.rs",
        &[
            ("lib.rs", "mod s; mod y;\npub use s::Session;\npub use y::Y;"),
            ("s/mod.rs", "mod x;\npub use x::Session;"),
            ("s/x.rs", "use crate::Y;\npub struct Session;"),
            ("y.rs", "use crate::Session;\npub struct Y;"),
        ],
    );
}

#[test]
fn through_globs_and_renamed_re_exports() {
    assert_circle(
        "s/x.rs:1 -> y.rs:2 -> s/x.rs",
        &[
            ("lib.rs", "mod s; mod y;\npub use s::*; pub(crate) use y::Y as Renamed;"),
            ("s/mod.rs", "mod x;\npub(crate) use x::*;"),
            ("s/x.rs", "use crate::Renamed;\npub struct Session;"),
            ("y.rs", "use super::*;\npub struct Y(Session);"),
        ],
    );
}

#[test]
fn of_three_files() {
    assert_circle(
        "x.rs:1 -> y.rs:1 -> z.rs:1 -> x.rs",
        &[
            ("main.rs", "mod x; mod y; mod z;\nfn main() { x::run(); }"),
            ("x.rs", "use crate::y; pub fn run() { y::run() }"),
            ("y.rs", "use crate::z; pub fn run() { z::run() }"),
            ("z.rs", "use crate::x; pub fn run() { x::run() }"),
        ],
    );
}

#[test]
fn of_a_parent_that_defines_and_uses() {
    let child = ("s/x.rs", "use super::Session;\npub fn run(_: &Session) {}");
    for parent in [
        "mod x;\npub struct Session; impl Session { fn run(&self) { x::run(self) } }",
        "mod x;\npub use x::run; pub struct Session; impl Session { fn run(&self) { run(self) } }",
        "mod x;\npub struct Session; fn f() { debug!(\"{}\", self::x::run(&Session)) }",
        "mod x;\npub struct Session; fn f() { use x::run; run(&Session) }",
    ] {
        let files = [("lib.rs", "mod s;"), ("s/mod.rs", parent), child];
        assert_circle("s/mod.rs:2 -> s/x.rs:1 -> s/mod.rs", &files);
        let files = [("lib.rs", "mod s;"), ("s.rs", parent), child];
        assert_circle("s.rs:2 -> s/x.rs:1 -> s.rs", &files);
    }
}

#[test]
fn in_types_patterns_bounds_macros_and_attributes() {
    for user in [
        "fn f(_: Vec<crate::x::X>) {}",
        "fn f(a: u8) { match a { crate::x::LIMIT => {} _ => {} } }",
        "fn f(a: u8) { let crate::x::X { .. } = a; }",
        "fn f<T: crate::x::Show>() {}",
        "impl super::x::Show for u8 {}",
        "fn f() { println!(\"{}\", crate::x::LIMIT); }",
        "fn f() { select! { a = super::x::wait() => { b } } }",
        "fn f() { crate::x::show!() }",
        "macro_rules! m { () => { $crate::x::LIMIT } }",
        "#[derive(super::x::Show)] struct A;",
        "struct A { #[serde(with = \"crate::x\")] a: u8, #[serde(with = \"crate::x::iso\")] b: u8 }",
        "fn f() { use crate::x as other; other::wait() }",
        "mod inner { pub fn f() { super::super::x::wait() } }",
        "const A: u8 = <crate::x::X as Clone>::A;",
    ] {
        let user = format!("pub struct Y;\n{user}");
        let x = "use crate::y::Y; pub struct X; pub trait Show {} pub const LIMIT: u8 = 1; pub fn wait() {}";
        assert_circle(
            "x.rs:1 -> y.rs:2 -> x.rs",
            &[("lib.rs", "mod x; mod y;"), ("x.rs", x), ("y.rs", &user)],
        );
    }
}

#[test]
fn through_what_a_macro_defines() {
    assert_circle(
        "x.rs:1 -> y.rs:1 -> x.rs",
        &[
            ("lib.rs", "mod x; mod y; pub use x::Secret;"),
            ("x.rs", "use crate::y::Y; secrets! { Secret }"),
            ("y.rs", "use crate::Secret; pub struct Y;"),
        ],
    );
}

#[test]
fn through_the_name_of_a_macro() {
    assert_circle(
        "x.rs:2 -> x/y.rs:1 -> x.rs",
        &[
            ("lib.rs", "mod x;"),
            ("x.rs", "macro_rules! make { () => {} }\nuse y::Y;\nmod y;"),
            ("x/y.rs", "make!(); pub struct Y;"),
        ],
    );
    assert_circle(
        "x.rs:1 -> y.rs:1 -> x.rs",
        &[
            ("lib.rs", "mod x; mod y;"),
            ("x.rs", "use crate::y::Y; #[macro_export] macro_rules! make { () => {} }"),
            ("y.rs", "crate::make!(); pub struct Y;"),
        ],
    );
}

#[test]
fn in_files_elsewhere_and_inline_modules() {
    assert_circle(
        "os/one.rs:1 -> y.rs:1 -> os/one.rs",
        &[
            ("lib.rs", "#[cfg(unix)] #[path = \"os/one.rs\"] mod x;\nmod y;"),
            ("os/one.rs", "use crate::y::Y; pub struct X;"),
            ("y.rs", "use crate::x::X; pub struct Y;"),
        ],
    );
    assert_circle(
        "in/x.rs:1 -> in/y/z.rs:1 -> in/x.rs",
        &[
            ("lib.rs", "mod r#in { mod x; mod y { mod z; pub(super) use self::z::Z; } }"),
            ("in/x.rs", "use super::y::Z; pub struct X;"),
            ("in/y/z.rs", "use super::super::x::X; pub struct Z;"),
        ],
    );
}

#[test]
fn a_large_circle_is_one_finding_that_says_how_large_it_is() {
    let found = found(&[
        ("lib.rs", "mod x; mod y; mod z;"),
        ("x.rs", "use crate::y::Y; use crate::z::Z; pub struct X;"),
        ("y.rs", "use crate::z::Z; pub struct Y;"),
        ("z.rs", "use crate::x::X; pub struct Z;"),
    ]);
    let finding = "crates/a/src/x.rs:1: imports itself in a circle: x.rs:1 -> z.rs:1 -> x.rs; 3 files import each other";
    assert_eq!(found, [finding]);
}

#[test]
fn two_circles_are_two_findings() {
    let found = found(&[
        ("lib.rs", "mod a; mod b; mod c; mod d;"),
        ("a.rs", "use crate::b::B; pub struct A;"),
        ("b.rs", "use crate::a::A; use crate::c::C; pub struct B;"),
        ("c.rs", "use crate::d::D; pub struct C;"),
        ("d.rs", "use crate::c::C; pub struct D;"),
    ]);
    assert_eq!(found.len(), 2);
}

#[test]
fn declarations_and_re_exports_are_no_imports() {
    assert_none(&[
        ("lib.rs", "//! Documents.\nmod s; pub use s::{Session, live::*};\npub use s::live::Guard as G;"),
        ("s/mod.rs", "mod session; pub mod live; pub use session::Session; pub(crate) use live::*;"),
        (
            "s/session.rs",
            "use super::Guard; use crate::s::live; pub struct Session(WriteCondition, live::Live);",
        ),
        ("s/live.rs", "use crate::s; pub struct WriteCondition; pub struct Live;"),
    ]);
}

#[test]
fn a_parent_may_use_its_child_or_the_child_its_parent() {
    assert_none(&[
        ("lib.rs", "mod x; mod y;"),
        ("x.rs", "mod part; use part::Part; pub struct X(Part);"),
        ("x/part.rs", "pub struct Part;"),
        ("y.rs", "mod part; pub use part::Part; pub struct Y;"),
        ("y/part.rs", "use super::Y; pub struct Part(Y);"),
    ]);
}

#[test]
fn a_re_export_of_somebody_elses_is_an_import() {
    assert_circle(
        "x.rs:1 -> y.rs:1 -> x.rs",
        &[
            ("lib.rs", "mod x; mod y;"),
            ("x.rs", "pub use super::y::Y; pub struct X;"),
            ("y.rs", "use super::x::X; pub struct Y;"),
        ],
    );
}

#[test]
fn code_for_tests_does_not_count() {
    let x = "pub struct X;\n#[cfg(test)] use crate::y::Y;\n#[cfg(test)] mod tests { use crate::y::Y; }
        #[cfg(all(test, unix))] mod more; #[cfg(test)] fn f(_: crate::y::Y) {}
        impl X { #[cfg(test)] fn f(_: crate::y::Y) {} }
        struct A { #[cfg(test)] y: crate::y::Y }";
    assert_none(&[("lib.rs", "mod x; mod y;"), ("x.rs", x), ("y.rs", "use crate::x::X; pub struct Y;")]);
}

#[test]
fn names_of_others_are_no_imports() {
    let x = "use y::Y; use ::y::Y as Z; use auth_core::y; pub struct X; /// See [`crate::y::Y`].
        pub(in crate::y) struct Z; #[error(\"crate::y::Y\")] struct E { y: u8 }
        fn f(y: u8) { let a = y; a.y(); y::Y; A { y }; Self::y(); }";
    let root = "mod x { include!(\"x.rs\"); } mod b;";
    let files = [("lib.rs", "mod x; mod y;"), ("x.rs", x), ("y.rs", "use crate::x::X; pub struct Y;")];
    assert_none(&files);
    assert_none(&[("lib.rs", root), ("b.rs", "use super::b;")]);
}

#[test]
fn a_variable_is_not_the_function_of_its_name() {
    let child = ("load.rs", "use super::Session; pub fn load(_: Session) {}");
    let with = |body: &str| format!("mod load; pub use load::load; pub struct Session; fn f() {{ {body} }}");
    assert_none(&[("lib.rs", &with("let load = 1; dbg(load); show!(load);")), child]);
    assert_circle("lib.rs:1 -> load.rs:1 -> lib.rs", &[("lib.rs", &with("dbg(load)")), child]);
}

#[test]
fn a_name_can_be_a_module_and_a_function() {
    assert_circle(
        "load.rs:1 -> x.rs:1 -> load.rs",
        &[
            ("lib.rs", "mod load; mod x; pub(crate) use load::load;"),
            ("load.rs", "use crate::x::X; pub fn load() {} pub struct L;"),
            ("x.rs", "use crate::{load}; pub struct X;"),
        ],
    );
    assert_none(&[
        ("lib.rs", "mod load; mod x; pub(crate) use x::load;"),
        ("load.rs", "pub struct L;"),
        ("x.rs", "use crate::load::L; pub fn load() {}"),
    ]);
}

#[test]
fn imports_that_lead_to_themselves_end() {
    assert_none(&[
        ("lib.rs", "mod x; mod y; pub use x::*; pub use y::*;"),
        ("x.rs", "pub use crate::*; pub use self::a as b; pub use self::b as a;"),
        ("y.rs", "use crate::nothing; fn f() { a::b(); nothing() }"),
    ]);
}

#[test]
fn what_cannot_be_read_is_found() {
    let found = found(&[("lib.rs", "mod x;\nmod gone;"), ("x.rs", "\nfn (")]);
    assert_eq!(found.len(), 2);
    assert!(found[0].starts_with("crates/a/src/x.rs:2: cannot be parsed: "), "{found:?}");
    assert_eq!(found[1], "crates/a/src/lib.rs:2: declares the module gone, whose file is not there");
}

#[test]
fn the_details_list_every_import_of_a_circle() {
    let report = report(&["crates/a/src/lib.rs".into()], |path| {
        let text = match path {
            "crates/a/src/lib.rs" => "mod x; mod y; mod z;",
            "crates/a/src/x.rs" => "use crate::y::Y;\nuse crate::z::Z;\npub struct X;",
            "crates/a/src/y.rs" => "use crate::x::X;\npub struct Y;",
            "crates/a/src/z.rs" => "pub struct Z;",
            _ => return None,
        };
        Some(text.to_owned())
    });
    let expected = "  2 files; shortest circle: x.rs:1 -> y.rs:1 -> x.rs
    x.rs:1 -> y.rs: crate::y::Y
    y.rs:1 -> x.rs: crate::x::X\n";
    assert_eq!(report.details(), expected);
    assert_eq!(report.count(), 1);
}
