//! The files of one crate must not import each other in a circle.
//!
//! | module | does |
//! | --- | --- |
//! | `names` | the scopes of a crate: its modules and blocks, and the names that each defines or imports |
//! | `collect` | fills them from the source files, from the root file on |
//! | `references` | notes every path that the code refers to |
//! | `use_tree` | takes a `use` apart |
//! | `attributes` | tells which code is for tests only, and which file a module names |
//! | `tokens` | finds paths in the tokens of macros and attributes, which have no syntax tree |
//! | `resolve` | finds the file that defines what a path names, through re-exports |
//! | `graph` | files and their imports: strongly connected components, shortest circles |
//!
//! An import is a `use`, or a path in an expression, type, pattern, macro or attribute, that names something of another
//! file. Its target is the file that defines the thing, not one that re-exports it. Two things are no imports: a `mod`
//! declaration, and a re-export (`pub use`) by a file of what its own submodules define. Code for tests does not count.

mod attributes;
mod collect;
mod graph;
mod names;
mod references;
mod resolve;
mod tokens;
mod use_tree;

use self::graph::{Circle, Graph};
pub(crate) use self::use_tree::is_re_export;
use super::finding::Finding;

/// What is known about the imports of one crate.
#[derive(Debug, Default)]
pub(crate) struct Report {
    circles: Vec<Circle>,
    /// Files that could not be read or parsed.
    problems: Vec<Finding>,
}

/// Reads a crate, beginning at the root file of each of its targets (`src/lib.rs`, `src/main.rs`).
pub(crate) fn report(roots: &[String], read: impl Fn(&str) -> Option<String>) -> Report {
    let mut report = Report::default();
    let mut graph = Graph::default();
    for root in roots {
        let (names, problems) = collect::collect(root, &read);
        report.problems.extend(problems);
        resolve::imports(&names).into_iter().for_each(|import| graph.add(import));
    }
    report.circles = graph.circles();
    report
}

impl Report {
    /// One finding for each circle, at the first import of its shortest round.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let circles = self.circles.iter().map(|circle| {
            let mut what = format!("imports itself in a circle: {}", circle.shortest());
            if circle.files().len() > circle.round().len() {
                what.push_str(&format!("; {} files import each other", circle.files().len()));
            }
            let first = &circle.round()[0];
            Finding::error(&first.from, what).at(first.line)
        });
        self.problems.iter().cloned().chain(circles).collect()
    }

    /// Every import of every circle, for whoever takes it apart.
    pub(crate) fn details(&self) -> String {
        let mut text = String::new();
        for problem in &self.problems {
            text.push_str(&format!("  {problem}\n"));
        }
        for circle in &self.circles {
            text.push_str(&format!(
                "  {} files; shortest circle: {}\n",
                circle.files().len(),
                circle.shortest()
            ));
            for import in circle.imports() {
                let (from, to) = (graph::short(&import.from), graph::short(&import.to));
                text.push_str(&format!("    {from}:{} -> {to}: {}\n", import.line, import.path));
            }
        }
        text
    }

    /// How many circles there are.
    pub(crate) fn count(&self) -> usize {
        self.circles.len()
    }
}

#[cfg(test)]
mod tests;
