//! The scopes of one crate and the names in them.

use std::collections::BTreeMap;

use proc_macro2::Ident;

/// The place of a scope in [`Names::scopes`].
pub(crate) type ScopeId = usize;

/// The place of a file in [`Names::files`].
pub(crate) type FileId = usize;

/// One crate, as far as names go.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) files: Vec<File>,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) references: Vec<Reference>,
}

/// One source file.
#[derive(Debug)]
pub(crate) struct File {
    /// From the root of the repository.
    pub(crate) path: String,
    /// The file that declares it with `mod`; none for the root of the crate.
    pub(crate) parent: Option<FileId>,
}

/// A module, or a block that has items of its own.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) file: FileId,
    pub(crate) kind: ScopeKind,
    pub(crate) names: BTreeMap<String, Vec<Binding>>,
    /// What is imported with `::*`.
    pub(crate) globs: Vec<Vec<String>>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum ScopeKind {
    Module {
        parent: Option<ScopeId>,
    },
    /// A name that is not in the block is looked up in the scope around it.
    Block {
        around: ScopeId,
    },
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub(crate) enum Binding {
    Module(ScopeId),
    Item {
        file: FileId,
        space: Space,
    },
    /// Imported: the path, to be resolved in the scope that has the binding.
    Import(Vec<String>),
}

/// Names of different spaces do not hide each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    Type,
    Value,
    Macro,
    /// Nobody defines it in the source: a macro may have made it.
    Unknown,
}

/// A path in the code.
#[derive(Debug)]
pub(crate) struct Reference {
    pub(crate) scope: ScopeId,
    pub(crate) path: Vec<String>,
    pub(crate) line: usize,
    pub(crate) kind: ReferenceKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReferenceKind {
    Import,
    /// An import that is visible outside of its module.
    ReExport,
    /// A type, value or pattern.
    Path,
    /// The name of a macro that is called.
    Macro,
}

impl Names {
    /// The file of this path; it is added if it is not known.
    pub(crate) fn file(&mut self, path: &str, parent: Option<FileId>) -> FileId {
        self.files.iter().position(|file| file.path == path).unwrap_or_else(|| {
            self.files.push(File { path: path.to_owned(), parent });
            self.files.len() - 1
        })
    }

    /// A new scope without names.
    pub(crate) fn scope(&mut self, file: FileId, kind: ScopeKind) -> ScopeId {
        self.scopes.push(Scope { file, kind, names: BTreeMap::new(), globs: Vec::new() });
        self.scopes.len() - 1
    }

    /// Adds a name to a scope.
    pub(crate) fn bind(&mut self, scope: ScopeId, name: String, binding: Binding) {
        self.scopes[scope].names.entry(name).or_default().push(binding);
    }

    /// The module that the scope is or is in.
    pub(crate) fn module_of(&self, scope: ScopeId) -> ScopeId {
        match self.scopes[scope].kind {
            ScopeKind::Module { .. } => scope,
            ScopeKind::Block { around } => self.module_of(around),
        }
    }

    /// The module around the one that the scope is in.
    pub(crate) fn parent_of(&self, scope: ScopeId) -> Option<ScopeId> {
        match self.scopes[self.module_of(scope)].kind {
            ScopeKind::Module { parent } => parent,
            ScopeKind::Block { .. } => None,
        }
    }

    /// The root module of the crate.
    pub(crate) fn root_of(&self, scope: ScopeId) -> ScopeId {
        self.parent_of(scope).map_or_else(|| self.module_of(scope), |parent| self.root_of(parent))
    }

    /// Whether a file is declared, directly or not, by the other.
    pub(crate) fn is_below(&self, file: FileId, ancestor: FileId) -> bool {
        self.files[file].parent.is_some_and(|parent| parent == ancestor || self.is_below(parent, ancestor))
    }
}

/// A name without the `r#` that lets it be a keyword.
pub(crate) fn name_of(ident: &Ident) -> String {
    let name = ident.to_string();
    name.strip_prefix("r#").map(str::to_owned).unwrap_or(name)
}
