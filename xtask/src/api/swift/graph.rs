//! Symbol graphs: what of them is needed, and how their declarations become lines.

use std::collections::{BTreeSet, HashMap};

use serde::Deserialize;

use super::super::reachable::Item;

/// A graph of one module, or of what it adds to the types of another.
#[derive(Deserialize)]
pub(super) struct Graph {
    module: Module,
    symbols: Vec<Symbol>,
    relationships: Vec<Relationship>,
}

#[derive(Deserialize)]
struct Module {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Symbol {
    kind: Kind,
    identifier: Identifier,
    path_components: Vec<String>,
    declaration_fragments: Vec<Fragment>,
}

#[derive(Deserialize)]
struct Kind {
    identifier: String,
}

#[derive(Deserialize)]
struct Identifier {
    precise: String,
}

/// A piece of a declaration; a type has the identifier of its declaration.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fragment {
    spelling: String,
    precise_identifier: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Relationship {
    kind: String,
    source: String,
    target: String,
    /// The target's name, for targets of other modules.
    target_fallback: Option<String>,
}

/// Where a symbol is declared.
struct Place<'a> {
    module: &'a str,
    path: &'a [String],
}

/// Where each symbol is, by its identifier.
type StorePaths<'a> = HashMap<&'a str, Place<'a>>;

/// Kinds of symbols that others belong to.
const TYPES: [&str; 5] = ["swift.class", "swift.enum", "swift.protocol", "swift.struct", "swift.actor"];
/// What adds to a type of another module. What it adds is listed by itself.
const EXTENSION: &str = "swift.extension";
/// Nobody writes that a type has these; which of them there are depends on the compiler.
const IMPLIED: [&str; 2] = ["Swift.Copyable", "Swift.Escapable"];

/// All declarations, and what each type conforms to and inherits from.
pub(super) fn items(graphs: &[Graph]) -> Vec<Item> {
    let mut places = StorePaths::new();
    for graph in graphs {
        let declared = graph.symbols.iter().filter(|symbol| symbol.kind.identifier != EXTENSION);
        places.extend(declared.map(|symbol| (symbol.identifier.precise.as_str(), Place::of(graph, symbol))));
    }
    let mut items = Vec::new();
    for graph in graphs {
        let declared = graph.symbols.iter().filter(|symbol| symbol.kind.identifier != EXTENSION);
        items.extend(declared.map(|symbol| declaration(graph, symbol, &places)));
        // An extension has an identifier of its own, and the path of the type that it extends.
        let sources: HashMap<_, _> =
            graph.symbols.iter().map(|symbol| (symbol.identifier.precise.as_str(), symbol)).collect();
        items.extend(graph.relationships.iter().filter_map(|relationship| {
            let source = sources.get(relationship.source.as_str())?;
            conformance(graph, source, relationship, &places)
        }));
    }
    items
}

impl<'a> Place<'a> {
    fn of(graph: &'a Graph, symbol: &'a Symbol) -> Self {
        Self { module: &graph.module.name, path: &symbol.path_components }
    }

    /// The outermost type, with its module.
    fn outermost(&self) -> String {
        self.path.first().map_or_else(|| self.module.to_owned(), |first| format!("{}.{first}", self.module))
    }

    fn shown(&self) -> String {
        [&[self.module.to_owned()], self.path].concat().join(".")
    }
}

/// `Module.Type = struct Type`, or `Module.Type: var part: Part { get }`.
fn declaration(graph: &Graph, symbol: &Symbol, places: &StorePaths<'_>) -> Item {
    let place = Place::of(graph, symbol);
    let named = symbol.declaration_fragments.iter().filter_map(|piece| piece.precise_identifier.as_deref());
    let named = named.filter_map(|identifier| places.get(identifier));
    let spelled = symbol.declaration_fragments.iter().map(|piece| spelling(piece, graph, places));
    let declaration = spelled.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    let line = if TYPES.contains(&symbol.kind.identifier.as_str()) {
        format!("{} = {declaration}", place.shown())
    } else {
        let owner = place.path.split_last().map_or(&[][..], |(_, owner)| owner);
        format!("{}: {declaration}", Place { path: owner, ..place }.shown())
    };
    let names: BTreeSet<_> = named.map(Place::outermost).collect();
    Item { of: place.outermost(), names, line }
}

/// A type of another of our modules is spelled with its module: an alias of the same name says nothing otherwise.
fn spelling(piece: &Fragment, graph: &Graph, places: &StorePaths<'_>) -> String {
    let place = piece.precise_identifier.as_deref().and_then(|identifier| places.get(identifier));
    match place {
        Some(place) if place.module != graph.module.name => format!("{}.{}", place.module, piece.spelling),
        _ => piece.spelling.clone(),
    }
}

/// `Module.Type : Swift.Sendable`.
fn conformance(
    graph: &Graph,
    source: &Symbol,
    relationship: &Relationship,
    places: &StorePaths<'_>,
) -> Option<Item> {
    if !["conformsTo", "inheritsFrom"].contains(&relationship.kind.as_str()) {
        return None;
    }
    let target = places.get(relationship.target.as_str());
    let shown = target.map(Place::shown).or_else(|| relationship.target_fallback.clone());
    let shown = shown.unwrap_or_else(|| relationship.target.clone());
    if IMPLIED.contains(&shown.as_str()) {
        return None;
    }
    let place = Place::of(graph, source);
    let names = target.map(Place::outermost).into_iter().collect();
    Some(Item { of: place.outermost(), names, line: format!("{} : {shown}", place.shown()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A symbol, its path and declaration; a word of the declaration may have an identifier: `word@identifier`.
    fn symbol(kind: &str, identifier: &str, path: &[&str], declaration: &str) -> serde_json::Value {
        let fragments = declaration.split_inclusive(' ').map(|word| match word.trim_end().split_once('@') {
            Some((spelling, precise)) => {
                serde_json::json!({ "kind": "typeIdentifier", "spelling": spelling, "preciseIdentifier": precise })
            }
            None => serde_json::json!({ "kind": "text", "spelling": word }),
        });
        serde_json::json!({
            "kind": { "identifier": kind, "displayName": "" },
            "identifier": { "precise": identifier, "interfaceLanguage": "swift" },
            "pathComponents": path,
            "declarationFragments": fragments.collect::<Vec<_>>(),
        })
    }

    fn graph(module: &str, symbols: &[serde_json::Value], relationships: &[[&str; 3]]) -> Graph {
        let relationships = relationships.iter().map(|[kind, source, target]| {
            let name = target.strip_prefix("s:");
            serde_json::json!({ "kind": kind, "source": source, "target": target, "targetFallback": name })
        });
        serde_json::from_value(serde_json::json!({
            "metadata": {},
            "module": { "name": module },
            "symbols": symbols,
            "relationships": relationships.collect::<Vec<_>>(),
        }))
        .unwrap()
    }

    fn graphs() -> [Graph; 3] {
        let layer = [
            symbol("swift.class", "c", &["Client"], "final class Client"),
            symbol("swift.method", "c.m", &["Client", "go(_:)"], "func go(_ office: Office@o ) async"),
            symbol("swift.typealias", "a", &["Office"], "typealias Office = Office@o"),
        ];
        let added = [
            symbol(EXTENSION, "e", &["Office"], "extension Office"),
            symbol("swift.property", "e.p", &["Office", "name"], "var name:\n    String"),
        ];
        let generated = [
            symbol("swift.enum", "o", &["Office"], "enum Office"),
            symbol("swift.enum.case", "o.c", &["Office", "told(_:)"], "case told( Told@t )"),
            symbol("swift.struct", "t", &["Told"], "struct Told"),
        ];
        [
            graph("Layer", &layer, &[["conformsTo", "c", "s:Swift.Copyable"], ["memberOf", "c.m", "c"]]),
            graph("Layer", &added, &[["conformsTo", "e", "s:Swift.Error"], ["extensionTo", "e", "o"]]),
            graph("Generated", &generated, &[["conformsTo", "o", "t"]]),
        ]
    }

    #[test]
    fn declarations_and_conformances_are_a_line_each() {
        let lines: Vec<_> = items(&graphs()).into_iter().map(|item| item.line).collect();
        let expected = [
            "Layer.Client = final class Client",
            "Layer.Client: func go(_ office: Generated.Office) async",
            "Layer: typealias Office = Generated.Office",
            "Layer.Office: var name: String",
            "Layer.Office : Swift.Error",
            "Generated.Office = enum Office",
            "Generated.Office: case told( Told)",
            "Generated.Told = struct Told",
            "Generated.Office : Generated.Told",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn an_item_knows_its_type_and_those_that_it_names() {
        let items = items(&graphs());
        let of_line = |start: &str| items.iter().find(|item| item.line.starts_with(start)).unwrap();
        let names = |start: &str| of_line(start).names.iter().cloned().collect::<Vec<_>>();
        assert_eq!(names("Layer.Client: func go"), ["Generated.Office"]);
        assert_eq!(names("Generated.Office: case"), ["Generated.Told"]);
        assert_eq!(of_line("Generated.Office: case").of, "Generated.Office");
    }
}
