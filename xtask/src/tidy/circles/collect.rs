//! From source files to names: follows the `mod` declarations of a crate, and notes what each file defines, imports and
//! refers to.

use std::collections::BTreeSet;

use proc_macro2::Ident;
use syn::visit::Visit;
use syn::{Item, ItemMod, ItemUse};

use super::attributes::{attributes, is_exported_macro, is_for_tests, path_of};
use super::names::{Binding, FileId, Names, Reference, ReferenceKind, ScopeId, ScopeKind, Space, name_of};
use super::use_tree::{self, Leaf};
use crate::tidy::finding::Finding;

/// Reads a crate from its root file on; also says which files could not be read.
pub(crate) fn collect(root: &str, read: &dyn Fn(&str) -> Option<String>) -> (Names, Vec<Finding>) {
    let mut crate_files = CrateFiles { read, names: Names::default(), problems: Vec::new() };
    match read(root) {
        Some(text) => {
            let folder = folder_of(root).to_owned();
            crate_files.file(root, &text, None, &folder);
        }
        None => crate_files.problems.push(Finding::error(root, "cannot be read")),
    }
    (crate_files.names, crate_files.problems)
}

struct CrateFiles<'r> {
    read: &'r dyn Fn(&str) -> Option<String>,
    names: Names,
    problems: Vec<Finding>,
}

impl CrateFiles<'_> {
    /// Reads one file as a module; the files of its submodules are in `folder`.
    fn file(
        &mut self,
        path: &str,
        text: &str,
        declared_in: Option<ScopeId>,
        folder: &str,
    ) -> Option<ScopeId> {
        let parsed = match syn::parse_file(text) {
            Ok(parsed) => parsed,
            Err(error) => {
                let line = error.span().start().line;
                self.problems.push(Finding::error(path, format!("cannot be parsed: {error}")).at(line));
                return None;
            }
        };
        if is_for_tests(&parsed.attrs) {
            return None;
        }
        let parent_file = declared_in.map(|scope| self.names.scopes[scope].file);
        let file = self.names.file(path, parent_file);
        let scope = self.names.scope(file, ScopeKind::Module { parent: declared_in });
        let mut visitor = FileVisitor {
            crate_files: self,
            file,
            folder: folder.to_owned(),
            // `#[path]` is seen from the file itself until an inline module is entered.
            path_folder: folder_of(path).to_owned(),
            scope,
            variables: BTreeSet::new(),
        };
        visitor.items(&parsed.items);
        Some(scope)
    }
}

/// Visits one file.
pub(super) struct FileVisitor<'c, 'r> {
    crate_files: &'c mut CrateFiles<'r>,
    file: FileId,
    folder: String,
    path_folder: String,
    scope: ScopeId,
    /// The variables of the function that is visited: a name that is one of them is no item.
    pub(super) variables: BTreeSet<String>,
}

impl FileVisitor<'_, '_> {
    fn items(&mut self, items: &[Item]) {
        // The names first: an item may be used before it is defined.
        items.iter().for_each(|item| self.define(item));
        items.iter().for_each(|item| self.visit_item(item));
    }

    /// Visits a block that has these items: they are seen in it alone.
    pub(super) fn in_block(&mut self, items: &[&Item], visit: impl FnOnce(&mut Self)) {
        let around = self.scope;
        self.scope = self.crate_files.names.scope(self.file, ScopeKind::Block { around });
        items.iter().for_each(|item| self.define(item));
        visit(self);
        self.scope = around;
    }

    /// Adds what an item defines to the scope.
    fn define(&mut self, item: &Item) {
        if is_for_tests(attributes(item)) {
            return;
        }
        let (ident, space) = match item {
            Item::Const(item) => (&item.ident, Space::Value),
            Item::Enum(item) => (&item.ident, Space::Type),
            Item::Fn(item) => (&item.sig.ident, Space::Value),
            Item::Static(item) => (&item.ident, Space::Value),
            Item::Struct(item) => (&item.ident, Space::Type),
            Item::Trait(item) => (&item.ident, Space::Type),
            Item::TraitAlias(item) => (&item.ident, Space::Type),
            Item::Type(item) => (&item.ident, Space::Type),
            Item::Union(item) => (&item.ident, Space::Type),
            Item::Macro(item) => match &item.ident {
                Some(ident) => {
                    if is_exported_macro(&item.attrs) {
                        let root = self.crate_files.names.root_of(self.scope);
                        self.bind_item(root, ident, Space::Macro);
                    }
                    (ident, Space::Macro)
                }
                None => return,
            },
            Item::Mod(module) => return self.define_module(module),
            Item::Use(import) => return self.define_imports(import),
            _ => return,
        };
        self.bind_item(self.scope, ident, space);
    }

    fn bind_item(&mut self, scope: ScopeId, ident: &Ident, space: Space) {
        let binding = Binding::Item { file: self.file, space };
        self.crate_files.names.bind(scope, name_of(ident), binding);
    }

    fn define_module(&mut self, module: &ItemMod) {
        let name = name_of(&module.ident);
        let own_path = path_of(&module.attrs);
        let scope = match &module.content {
            Some((_, items)) => {
                let part = own_path.unwrap_or_else(|| name.clone());
                let inner_folder = join(&self.folder, &part);
                let kind = ScopeKind::Module { parent: Some(self.crate_files.names.module_of(self.scope)) };
                let scope = self.crate_files.names.scope(self.file, kind);
                let mut visitor = FileVisitor {
                    file: self.file,
                    path_folder: inner_folder.clone(),
                    folder: inner_folder,
                    scope,
                    variables: BTreeSet::new(),
                    crate_files: &mut *self.crate_files,
                };
                visitor.items(items);
                Some(scope)
            }
            None => self.module_file(&name, own_path.as_deref(), module.ident.span().start().line),
        };
        if let Some(scope) = scope {
            self.crate_files.names.bind(self.scope, name, Binding::Module(scope));
        }
    }

    /// Finds and reads the file of `mod name;`.
    fn module_file(&mut self, name: &str, own_path: Option<&str>, line: usize) -> Option<ScopeId> {
        let candidates = match own_path {
            Some(path) => {
                let path = join(&self.path_folder, path);
                vec![(path.clone(), folder_of(&path).to_owned())]
            }
            None => {
                let folder = join(&self.folder, name);
                vec![(format!("{folder}.rs"), folder.clone()), (join(&folder, "mod.rs"), folder)]
            }
        };
        let read = self.crate_files.read;
        let found = candidates.into_iter().find_map(|(path, folder)| Some((read(&path)?, path, folder)));
        let Some((text, path, folder)) = found else {
            let declared_in = self.crate_files.names.files[self.file].path.clone();
            let what = format!("declares the module {name}, whose file is not there");
            self.crate_files.problems.push(Finding::error(declared_in, what).at(line));
            return None;
        };
        let module = self.crate_files.names.module_of(self.scope);
        self.crate_files.file(&path, &text, Some(module), &folder)
    }

    fn define_imports(&mut self, import: &ItemUse) {
        if import.leading_colon.is_some() {
            return;
        }
        let is_re_export = use_tree::is_re_export(import);
        let kind = if is_re_export { ReferenceKind::ReExport } else { ReferenceKind::Import };
        for Leaf { path, name, line } in use_tree::leaves(&import.tree) {
            match name {
                Some(name) => self.crate_files.names.bind(self.scope, name, Binding::Import(path.clone())),
                None => self.crate_files.names.scopes[self.scope].globs.push(path.clone()),
            }
            self.refer(path, line, kind);
        }
    }

    /// Notes a path that the code has here.
    pub(super) fn refer(&mut self, path: Vec<String>, line: usize, kind: ReferenceKind) {
        self.crate_files.names.references.push(Reference { scope: self.scope, path, line, kind });
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Joins two paths and takes `.` and `..` out.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
