//! From names to imports: which file defines what a path names.

use super::graph::Import;
use super::names::{Binding, FileId, Names, Reference, ReferenceKind, ScopeId, ScopeKind, Space};

/// All imports from one file of the crate of something that another one defines.
pub(crate) fn imports(names: &Names) -> Vec<Import> {
    let mut imports = Vec::new();
    for reference in &names.references {
        let from = names.scopes[reference.scope].file;
        for to in files(names, reference) {
            let is_own_child = reference.kind == ReferenceKind::ReExport && names.is_below(to, from);
            if to != from && !is_own_child {
                imports.push(Import {
                    from: names.files[from].path.clone(),
                    to: names.files[to].path.clone(),
                    line: reference.line,
                    path: reference.path.join("::"),
                });
            }
        }
    }
    imports
}

/// The files that define what is referred to.
fn files(names: &Names, reference: &Reference) -> Vec<FileId> {
    let resolver = Resolver { names };
    let mut trail = Trail::default();
    let found = resolver.path(reference.scope, &reference.path, &mut trail).unwrap_or_default();
    let found = match reference.kind {
        ReferenceKind::Import | ReferenceKind::ReExport => found,
        ReferenceKind::Path => found.into_iter().filter(|it| it.is_type() || it.is(Space::Value)).collect(),
        ReferenceKind::Macro => {
            let mut macros: Vec<_> = found.into_iter().filter(|it| it.is(Space::Macro)).collect();
            if macros.is_empty() && reference.path.len() == 1 {
                macros = resolver.macro_around(reference.scope, &reference.path[0]);
            }
            macros
        }
    };
    found.into_iter().map(|target| target.file(names)).collect()
}

/// What a path names.
#[derive(Clone, Copy, Debug)]
enum Target {
    Module(ScopeId),
    Item { file: FileId, space: Space },
}

impl Target {
    fn file(self, names: &Names) -> FileId {
        match self {
            Self::Module(scope) => names.scopes[scope].file,
            Self::Item { file, .. } => file,
        }
    }

    fn is(self, wanted: Space) -> bool {
        matches!(self, Self::Item { space, .. } if space == wanted || space == Space::Unknown)
    }

    fn is_type(self) -> bool {
        self.is(Space::Type)
    }

    /// Whether a path can go on behind it.
    fn can_have_names(self) -> bool {
        matches!(self, Self::Module(_)) || self.is_type()
    }
}

/// The imports that are being resolved. One that leads back to itself leads nowhere.
#[derive(Debug, Default)]
struct Trail(Vec<(ScopeId, Vec<String>)>);

impl Trail {
    fn follow<T>(
        &mut self,
        scope: ScopeId,
        path: &[String],
        name: &str,
        follow: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let step = (scope, [path, &[name.to_owned()]].concat());
        if self.0.contains(&step) {
            return None;
        }
        self.0.push(step);
        let found = follow(self);
        self.0.pop();
        found
    }
}

struct Resolver<'n> {
    names: &'n Names,
}

impl Resolver<'_> {
    /// What a path names that is used in this scope. `None`: its first name is unknown, so it is one of another crate or a
    /// variable. Empty: it leads into another crate.
    fn path(&self, scope: ScopeId, path: &[String], trail: &mut Trail) -> Option<Vec<Target>> {
        let mut path = path.iter();
        let first = path.next()?;
        let mut found = match first.as_str() {
            "crate" => vec![Target::Module(self.names.root_of(scope))],
            "self" => vec![Target::Module(self.names.module_of(scope))],
            "super" => vec![Target::Module(self.names.parent_of(scope)?)],
            "Self" => return None,
            name => self.lookup_around(scope, name, trail)?,
        };
        for name in path {
            let mut next = Vec::new();
            for target in found.into_iter().filter(|target| target.can_have_names()) {
                match target {
                    // An associated item or a variant is where its type is.
                    Target::Item { .. } => next.push(target),
                    Target::Module(module) if name == "super" => {
                        next.extend(self.names.parent_of(module).map(Target::Module));
                    }
                    Target::Module(_) if name == "self" => next.push(target),
                    Target::Module(module) => match self.lookup(module, name, trail) {
                        Some(targets) => next.extend(targets),
                        None => {
                            let file = self.names.scopes[module].file;
                            next.push(Target::Item { file, space: Space::Unknown });
                        }
                    },
                }
            }
            found = next;
        }
        Some(found)
    }

    /// A name in a scope or, for a block, in those around it up to the module.
    fn lookup_around(&self, scope: ScopeId, name: &str, trail: &mut Trail) -> Option<Vec<Target>> {
        let found = self.lookup(scope, name, trail);
        match self.names.scopes[scope].kind {
            ScopeKind::Block { around } if found.is_none() => self.lookup_around(around, name, trail),
            _ => found,
        }
    }

    /// A name in this scope alone: its own names come before those that `::*` brings.
    fn lookup(&self, scope: ScopeId, name: &str, trail: &mut Trail) -> Option<Vec<Target>> {
        let own = &self.names.scopes[scope];
        let mut found = None;
        for binding in own.names.get(name).into_iter().flatten() {
            let targets = match binding {
                Binding::Module(module) => Some(vec![Target::Module(*module)]),
                Binding::Item { file, space } => Some(vec![Target::Item { file: *file, space: *space }]),
                Binding::Import(path) => trail.follow(scope, path, name, |trail| {
                    // What is imported from another crate is known, too: it is nothing of ours.
                    Some(self.path(scope, path, trail).unwrap_or_default())
                }),
            };
            if let Some(targets) = targets {
                found.get_or_insert_with(Vec::new).extend(targets);
            }
        }
        found.or_else(|| own.globs.iter().find_map(|glob| self.lookup_in_glob(scope, glob, name, trail)))
    }

    fn lookup_in_glob(
        &self,
        scope: ScopeId,
        glob: &[String],
        name: &str,
        trail: &mut Trail,
    ) -> Option<Vec<Target>> {
        trail.follow(scope, glob, name, |trail| {
            let modules = self.path(scope, glob, trail)?;
            modules.into_iter().find_map(|target| match target {
                Target::Module(module) => self.lookup(module, name, trail),
                // The variants of an enum: naming the enum in the `use` was an import already.
                Target::Item { .. } => None,
            })
        })
    }

    /// A macro of this name in the modules around: `macro_rules!` reaches into the submodules that follow it.
    fn macro_around(&self, scope: ScopeId, name: &str) -> Vec<Target> {
        let mut around = Some(scope);
        while let Some(scope) = around {
            let bindings = self.names.scopes[scope].names.get(name).into_iter().flatten();
            let found: Vec<_> = bindings
                .filter_map(|binding| match binding {
                    Binding::Item { file, space: Space::Macro } => {
                        Some(Target::Item { file: *file, space: Space::Macro })
                    }
                    _ => None,
                })
                .collect();
            if !found.is_empty() {
                return found;
            }
            around = match self.names.scopes[scope].kind {
                ScopeKind::Block { around } => Some(around),
                ScopeKind::Module { parent } => parent,
            };
        }
        Vec::new()
    }
}
