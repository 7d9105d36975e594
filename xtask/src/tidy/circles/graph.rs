//! Files and the imports between them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

/// One file imports something that another one defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Import {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) line: usize,
    /// As it is written in the source.
    pub(crate) path: String,
}

/// The imports of a crate: for each pair of files the one that comes first in its file.
#[derive(Debug, Default)]
pub(crate) struct Graph(BTreeMap<String, BTreeMap<String, Import>>);

impl Graph {
    pub(crate) fn add(&mut self, import: Import) {
        let imports = self.0.entry(import.from.clone()).or_default();
        match imports.get(&import.to) {
            Some(known) if known.line <= import.line => {}
            _ => drop(imports.insert(import.to.clone(), import)),
        }
    }

    /// The groups of files that import each other, directly or not.
    pub(crate) fn circles(&self) -> Vec<Circle> {
        let mut circles: Vec<Circle> = Vec::new();
        for file in self.0.keys() {
            if circles.iter().any(|circle| circle.files.contains(file)) {
                continue;
            }
            // Crates are small: what is reached from the file and reaches it is in a circle with it.
            let reached = self.reached_from(file);
            let files: BTreeSet<_> =
                reached.into_iter().filter(|other| self.reached_from(other).contains(file)).collect();
            if files.contains(file) {
                circles.push(self.circle(files));
            }
        }
        circles
    }

    fn imports(&self, file: &str) -> impl Iterator<Item = &Import> {
        self.0.get(file).into_iter().flat_map(BTreeMap::values)
    }

    /// All files that a way leads to; the file itself only if a way leads back to it.
    fn reached_from(&self, file: &str) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut next = vec![file];
        while let Some(file) = next.pop() {
            for import in self.imports(file) {
                if reached.insert(import.to.clone()) {
                    next.push(&import.to);
                }
            }
        }
        reached
    }

    fn circle(&self, files: BTreeSet<String>) -> Circle {
        let rounds = files.iter().filter_map(|file| self.round(file));
        let round = rounds.min_by_key(Vec::len).unwrap_or_default();
        let inside = files.iter().flat_map(|file| self.imports(file));
        let imports = inside.filter(|import| files.contains(&import.to)).cloned().collect();
        Circle { files, round, imports }
    }

    /// The shortest way from a file back to itself.
    fn round(&self, start: &str) -> Option<Vec<Import>> {
        let mut came_by: BTreeMap<&str, &Import> = BTreeMap::new();
        let mut next = VecDeque::from([start]);
        while let Some(file) = next.pop_front() {
            for import in self.imports(file) {
                if import.to == start {
                    let mut way = vec![import.clone()];
                    while let Some(import) = came_by.get(way[0].from.as_str()) {
                        way.insert(0, (*import).clone());
                    }
                    return Some(way);
                }
                if !came_by.contains_key(import.to.as_str()) {
                    came_by.insert(&import.to, import);
                    next.push_back(&import.to);
                }
            }
        }
        None
    }
}

/// Files of which each leads to each other one.
#[derive(Debug)]
pub(crate) struct Circle {
    files: BTreeSet<String>,
    round: Vec<Import>,
    imports: Vec<Import>,
}

impl Circle {
    /// All files of the circle.
    pub(crate) fn files(&self) -> &BTreeSet<String> {
        &self.files
    }

    /// The shortest way around, at least two imports.
    pub(crate) fn round(&self) -> &[Import] {
        &self.round
    }

    /// All imports between the files.
    pub(crate) fn imports(&self) -> &[Import] {
        &self.imports
    }

    /// The shortest way around as text: `a.rs:3 -> b.rs:7 -> a.rs`.
    pub(crate) fn shortest(&self) -> impl fmt::Display {
        let way = self.round.iter().map(|import| format!("{}:{} -> ", short(&import.from), import.line));
        way.collect::<String>() + self.round.first().map_or("", |import| short(&import.from))
    }
}

/// The path of a file inside of its crate's `src`.
pub(crate) fn short(path: &str) -> &str {
    path.split_once("/src/").map_or(path, |(_, path)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(imports: &[(&str, &str)]) -> Graph {
        let mut graph = Graph::default();
        for ((from, to), line) in imports.iter().zip(1..) {
            graph.add(Import { from: (*from).into(), to: (*to).into(), line, path: "x".into() });
        }
        graph
    }

    fn shortest(imports: &[(&str, &str)]) -> Vec<String> {
        graph(imports).circles().iter().map(|circle| circle.shortest().to_string()).collect()
    }

    #[test]
    fn a_graph_without_circles_has_none() {
        assert!(shortest(&[("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]).is_empty());
    }

    #[test]
    fn each_circle_is_named_by_its_shortest_way() {
        let long_and_short = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "c"), ("e", "a")];
        assert_eq!(shortest(&long_and_short), ["c:4 -> d:5 -> c"]);
        assert_eq!(graph(&long_and_short).circles()[0].files().len(), 4);
        assert_eq!(graph(&long_and_short).circles()[0].imports().len(), 5);
    }

    #[test]
    fn circles_that_do_not_touch_are_two() {
        let two = [("a", "b"), ("b", "a"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "c")];
        assert_eq!(shortest(&two), ["a:1 -> b:2 -> a", "c:4 -> d:5 -> e:6 -> c"]);
    }

    #[test]
    fn of_two_imports_of_one_file_the_first_is_named() {
        let mut graph = graph(&[("a", "b"), ("b", "a")]);
        graph.add(Import { from: "b".into(), to: "a".into(), line: 1, path: "y".into() });
        assert_eq!(graph.circles()[0].shortest().to_string(), "a:1 -> b:1 -> a");
    }

    #[test]
    fn files_are_named_from_their_source_folder() {
        assert_eq!(short("crates/a/src/b/c.rs"), "b/c.rs");
        assert_eq!(short("build.rs"), "build.rs");
    }
}
