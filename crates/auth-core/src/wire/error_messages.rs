//! The texts, codes and field names in the body of a refusal, wherever they are.

use super::json::{Text, Value};
use crate::{
    ServerMessage,
    server_message::{self, Secrets},
};

/// The host's texts, and the fields that it names.
#[derive(Default)]
pub(crate) struct ErrorMessages {
    lines: Vec<String>,
    /// Codes such as `wizard_expired`: for the hints, not for people.
    codes: Vec<String>,
    fields: Vec<String>,
    /// All texts and codes in one line, in lower case, for the hints.
    about: String,
}

const MAX_LINES: usize = 16;
const MAX_DEPTH: usize = 4;
/// No error has so many; they are sorted by putting one after the other into its place.
const MAX_ENTRIES: usize = 256;

/// The keys of texts for people, at any level of an error.
const TEXTS: [&str; 9] = [
    "message",
    "issue",
    "reason",
    "detail",
    "title",
    "msg",
    "description",
    "error_description",
    "error_message",
];

/// The keys whose value names the wrong field. They are not documented.
const FIELD_NAMES: [&str; 8] =
    ["field", "fieldName", "property", "path", "param", "pointer", "attribute", "name"];

impl ErrorMessages {
    /// Collects from B2Core's `{"error":{message,details:[{issue,…}]}}`, from Laravel's `{"message","errors":{field:[…]}}`, and
    /// from similar forms.
    pub(crate) fn of(body: &Value<'_>) -> Self {
        let mut found = Self::default();
        for key in ["error", "errors", "details"] {
            if let Some(value) = body.get(key) {
                found.collect(key, value, MAX_DEPTH);
            }
        }
        for place in [Some(body), body.get("data"), body.get("meta")].into_iter().flatten() {
            found.add_texts(place);
        }
        found.codes.extend(body.get("code").and_then(Value::as_str).map(str::to_owned));
        found.update_about();
        found
    }

    fn collect(&mut self, key: &str, value: &Value<'_>, depth: usize) {
        if depth == 0 {
            return;
        }
        match value {
            Value::String(_) => self.add(Some(value)),
            Value::Array(items) => items.iter().for_each(|item| self.collect(key, item, depth - 1)),
            Value::Object(entries) => {
                // `{field: [complaint, …]}`, as opposed to one complaint with its parts.
                let part =
                    |(name, _): &(Text<'_>, _)| TEXTS.contains(&&**name) || FIELD_NAMES.contains(&&**name);
                let by_field = matches!(key, "errors" | "details") && !entries.iter().any(part);
                self.collect_entries(entries, by_field, depth);
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn collect_entries(&mut self, entries: &[(Text<'_>, Value<'_>)], by_field: bool, depth: usize) {
        for (name, entry) in sorted_entries(entries) {
            if FIELD_NAMES.contains(&name) {
                self.fields.extend(entry.as_str().map(last_part));
            } else if !by_field && (name == "code" || name == "type") {
                self.codes.extend(entry.as_str().map(str::to_owned));
            } else {
                if by_field && matches!(entry, Value::String(_) | Value::Array(_)) {
                    self.fields.push(last_part(name));
                }
                self.collect(name, entry, depth - 1);
            }
        }
    }

    fn add_texts(&mut self, place: &Value<'_>) {
        let Some(fields) = place.as_object() else { return };
        // Most answers have none of them.
        if fields.iter().any(|(key, _)| TEXTS.contains(&&**key)) {
            TEXTS.iter().for_each(|name| self.add(place.get(name)));
        }
    }

    fn add(&mut self, value: Option<&Value<'_>>) {
        if let Some(text) = value.and_then(Value::as_str)
            && self.lines.len() < MAX_LINES
        {
            self.lines.push(server_message::clean(text));
        }
    }

    /// Cuts secrets out of the texts, and the account's e-mail out of what the hints read.
    pub(crate) fn cut(&mut self, secrets: &Secrets, account: &str) {
        // A password of an earlier step may be a word that the hints need at this one.
        let shown = if secrets.has_earlier() {
            let of_now = secrets.of_now();
            let both = self.lines.iter().map(|line| server_message::free_of_each(line, [&of_now, secrets]));
            let (read, shown) = both.map(|[read, shown]| (read, shown)).unzip();
            self.lines = read;
            Some(shown)
        } else {
            let free = self.lines.iter().map(|line| server_message::free_of_each(line, [secrets]));
            self.lines = free.flatten().collect();
            None
        };
        self.update_about();
        if !account.is_empty() {
            self.about = self.about.replace(&plain(account), " ");
        }
        if let Some(shown) = shown {
            self.lines = shown;
        }
    }

    fn update_about(&mut self) {
        let words = self.lines.iter().chain(&self.codes).map(|line| plain(line));
        self.about = words.collect::<Vec<_>>().join(" . ");
    }

    /// The texts for the user. Call [`cut`](Self::cut) first.
    pub(crate) fn server_message(&self) -> ServerMessage {
        ServerMessage::new(&self.lines, &Secrets::of([]))
    }

    /// What the hints read.
    pub(crate) fn about(&self) -> &str {
        &self.about
    }

    pub(crate) fn names(&self, field: &str) -> bool {
        self.fields.iter().any(|name| name.eq_ignore_ascii_case(field))
    }

    /// True if fields are named and none of them is one of these.
    pub(crate) fn names_only_others(&self, fields: &[&str]) -> bool {
        !self.fields.is_empty() && !fields.iter().any(|field| self.names(field))
    }
}

/// The entries in the order of their names, so that details come before the message that sums them up. Of one name the last
/// counts.
fn sorted_entries<'a>(entries: &'a [(Text<'_>, Value<'_>)]) -> Vec<(&'a str, &'a Value<'a>)> {
    let mut sorted: Vec<(&str, &Value<'_>)> = Vec::new();
    for (name, entry) in entries.iter().take(MAX_ENTRIES) {
        match sorted.binary_search_by_key(&&**name, |(name, _)| name) {
            Ok(at) => sorted[at].1 = entry,
            Err(at) => sorted.insert(at, (name, entry)),
        }
    }
    sorted
}

/// Lower case, and `wizard_expired` as two words.
fn plain(text: &str) -> String {
    let spaced = text.to_lowercase().replace(['_', '-'], " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `data.uuid` and `/data/uuid` are about `uuid`.
fn last_part(name: &str) -> String {
    name.rsplit(['.', '/']).next().unwrap_or(name).to_owned()
}
