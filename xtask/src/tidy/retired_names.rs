//! A name that was given up does not come back: one thing has one name, in all languages and documents.
//!
//! The names are in `retired_names/list.txt`, which says how an entry is written. All texts are searched except that list,
//! the changelog, which tells of old names, and what is about other projects: lock files and advisories. Generated code is searched too: it is public.
//!
//! | module | does |
//! | --- | --- |
//! | `entry` | reads the list; what one entry refuses and where |
//! | `words` | finds identifiers in a line, and the words of an identifier |
//! | `parts` | tells code from prose, line by line |

mod entry;
mod parts;
mod words;

use self::entry::Entry;
use self::parts::Parts;
use super::finding::Finding;

const LIST: &str = include_str!("retired_names/list.txt");
const LIST_PATH: &str = "xtask/src/tidy/retired_names/list.txt";
const ADVISORIES: &str = "xtask/advisories/crates/";

/// The retired names.
#[derive(Debug)]
pub(crate) struct RetiredNames(Vec<Entry>);

impl RetiredNames {
    /// Reads the list; also says which of its lines are no entries.
    pub(crate) fn read() -> (Self, Vec<Finding>) {
        let (entries, problems) = entry::read(LIST);
        let problems = problems.into_iter().map(|(line, what)| Finding::error(LIST_PATH, what).at(line));
        (Self(entries), problems.collect())
    }

    /// Searches a text for them.
    pub(crate) fn check(&self, path: &str, text: &str) -> Vec<Finding> {
        let is_of_others = path.ends_with(".lock") || path.starts_with(ADVISORIES);
        if path == LIST_PATH || path == "CHANGELOG.md" || is_of_others {
            return Vec::new();
        }
        // Most files have none of an entry's words, so most of the work can be left out.
        let all = format!("{path}\n{text}").to_lowercase();
        let entries = self.0.iter().filter(|entry| entry.is_about(path) && entry.may_be_in(&all));
        let entries: Vec<_> = entries.collect();
        let mut findings = Vec::new();
        for (found, entry) in search(&entries, path, true) {
            let what = format!("its path has the retired name `{found}`: the term is {}", entry.standard);
            findings.push(Finding::error(path, what));
        }
        for (Parts { code, prose }, number) in parts::split(path, text).zip(1..) {
            for (found, entry) in search(&entries, &code, true).chain(search(&entries, &prose, false)) {
                let what = format!("`{found}` is a retired name: the term is {}", entry.standard);
                findings.push(Finding::error(path, what).at(number));
            }
        }
        findings
    }
}

/// The names in a piece of code or prose that one of the entries refuses.
fn search<'e>(entries: &[&'e Entry], text: &str, is_code: bool) -> impl Iterator<Item = (String, &'e Entry)> {
    let identifiers = words::identifiers(text);
    let entries = entries.iter().filter(|entry| entry.is_about_part(is_code));
    let found = entries.flat_map(|entry| entry.find(text, &identifiers).map(|found| (found, *entry)));
    found.collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(list: &str, path: &str, text: &str) -> Vec<String> {
        let (entries, problems) = entry::read(list);
        assert!(problems.is_empty(), "{problems:?}");
        RetiredNames(entries).check(path, text).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_name_is_found_in_the_case_of_every_language() {
        for name in ["dust_off", "dustOff", "DustOff", "DUST_OFF", "_dust_off"] {
            let line = format!("a.x:2: `{name}` is a retired name: the term is clean");
            assert_eq!(found("dust_off -> clean", "a.x", &format!("\nlet a = b.{name}();")), [line]);
            assert_eq!(found("DustOff -> Clean", "a.x", name).len(), 1, "{name}");
        }
    }

    #[test]
    fn a_name_is_a_whole_identifier() {
        for other in ["dust_offer", "re_dust_off", "dustOffNow", "dust-off", "dust off", "dustoff"] {
            assert!(found("dust_off -> clean", "a.x", other).is_empty(), "{other}");
        }
    }

    #[test]
    fn one_capitalised_word_is_found_as_it_is_written() {
        let list = "Dust -> Particle\nbrush -> broom";
        assert_eq!(found(list, "a.x", "Dust").len(), 1);
        assert_eq!(found(list, "a.x", "dust DUST DustOff Dusty").len(), 0);
        assert_eq!(found(list, "a.x", "brush Brush BRUSH").len(), 3);
    }

    #[test]
    fn an_entry_may_be_about_parts_of_identifiers() {
        let list = "dust_off -> clean | within";
        for name in ["must_dust_off", "DustOffFirst", "test_a_dust_off_is_done", "dustOff"] {
            assert_eq!(found(list, "a.x", name).len(), 1, "{name}");
        }
        assert!(found(list, "a.x", "dusty_off dust_it_off off_dust").is_empty());
        assert_eq!(found("Dust -> Particle | within", "a.x", "GoldDust gold_dust").len(), 1);
    }

    #[test]
    fn a_phrase_is_words_that_follow_each_other() {
        let list = "old dust -> particles";
        assert_eq!(
            found(list, "a.md", "The Old  dust is gone."),
            ["a.md:1: `old dust` is a retired name: the term is particles"]
        );
        assert!(found(list, "a.md", "old, dust; older dust; old dusty").is_empty());
    }

    #[test]
    fn an_entry_may_be_about_code_or_prose() {
        let (code, prose) = ("dust -> particle | code", "dust -> particle | prose");
        for (path, text, in_code, in_prose) in [
            ("a.rs", "let dust = 1; // no", 1, 0),
            ("a.rs", "let a = \"dust\"; // dust", 1, 1),
            ("a.rs", "/// The dust of `dust`.", 1, 1),
            ("a.rs", "/// ```\n/// dust()\n/// ```\n/// dust", 1, 1),
            ("a.kt", "/**\n * The dust.\n */\nval a = dust", 1, 1),
            ("a.swift", "let a = \"https://dust.example\"", 1, 0),
            ("a.md", "The dust of `dust`.\n```sh\ndust\n```", 2, 1),
            ("a.toml", "dust = 1 # dust", 1, 1),
            ("a.ftl", "dust = Dust", 2, 2),
            ("a.json", "{\"dust\": 1}", 1, 0),
        ] {
            assert_eq!(found(code, path, text).len(), in_code, "code: {path}: {text}");
            assert_eq!(found(prose, path, text).len(), in_prose, "prose: {path}: {text}");
        }
    }

    #[test]
    fn an_entry_may_be_about_some_files() {
        let list = "dust -> particle | code crates/a/ crates/b/src/x.rs !crates/a/tests";
        for (path, count) in [
            ("crates/a/src/x.rs", 1),
            ("crates/b/src/x.rs", 1),
            ("crates/b/src/y.rs", 0),
            ("crates/a/tests/x.rs", 0),
            ("README.md", 0),
        ] {
            assert_eq!(found(list, path, "`dust`").len(), count, "{path}");
        }
        assert_eq!(found("dust -> particle | !crates/a", "README.md", "dust").len(), 1);
    }

    #[test]
    fn a_path_is_searched_too() {
        let line = "a/dustOff/x.kt: its path has the retired name `dustOff`: the term is clean";
        assert_eq!(found("dust_off -> clean", "a/dustOff/x.kt", ""), [line]);
        assert!(found("dust_off -> clean | prose", "a/dustOff/x.kt", "").is_empty());
    }

    #[test]
    fn the_list_the_changelog_and_what_is_about_others_are_not_searched() {
        let advisory = format!("{ADVISORIES}x/RUSTSEC-2026-0001.md");
        for path in [LIST_PATH, "CHANGELOG.md", "Cargo.lock", "fuzz/Cargo.lock", &advisory] {
            assert!(found("dust -> particle", path, "dust").is_empty(), "{path}");
        }
        assert_eq!(found("dust -> particle", "bindings/CHANGELOG.md", "dust").len(), 1);
    }

    #[test]
    fn the_list_can_be_read() {
        let (names, problems) = RetiredNames::read();
        assert!(problems.is_empty(), "{problems:?}");
        assert!(names.0.len() > 50);
    }

    #[test]
    fn no_term_of_the_list_is_retired_itself() {
        let (names, _) = RetiredNames::read();
        for term in names.0.iter().map(|entry| &entry.standard) {
            let identifiers = words::identifiers(term);
            let found: Vec<_> = names.0.iter().flat_map(|other| other.find(term, &identifiers)).collect();
            assert!(found.is_empty(), "{term}: {found:?}");
        }
    }
}
