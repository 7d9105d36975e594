//! What a sign-in tells the host about its device.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// The `device_fingerprint` of `POST /my/signin`: a free-form JSON object that identifies a device and always has
/// a `user_agent`, sent as standard, padded Base64.
///
/// Equal facts give equal text, in whatever order they were added, so that a host recognises the device.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceFingerprint {
    /// Sorted by name, each name once.
    facts: Vec<(String, Value)>,
}

impl DeviceFingerprint {
    const USER_AGENT: &'static str = "user_agent";

    /// A fingerprint with the one fact that hosts require.
    pub fn new(user_agent: impl Into<String>) -> Self {
        Self { facts: vec![(Self::USER_AGENT.to_owned(), Value::String(user_agent.into()))] }
    }

    /// Adds a fact, such as `timezone` or `screen_width`. The `user_agent` can be replaced by another text only.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let (name, value) = (name.into(), value.into());
        if name != Self::USER_AGENT || value.is_string() {
            match self.find(&name) {
                Ok(at) => self.facts[at].1 = value,
                Err(at) => self.facts.insert(at, (name, value)),
            }
        }
        self
    }

    /// The user agent, which is also sent as the HTTP header.
    pub fn user_agent(&self) -> &str {
        self.find(Self::USER_AGENT).ok().and_then(|at| self.facts[at].1.as_str()).unwrap_or_default()
    }

    /// The text that goes on the wire.
    pub fn encode(&self) -> String {
        STANDARD.encode(serde_json::to_vec(&Facts(&self.facts)).expect("facts have text keys only"))
    }

    /// Where a fact is, or where it belongs.
    fn find(&self, name: &str) -> Result<usize, usize> {
        self.facts.binary_search_by(|(there, _)| there.as_str().cmp(name))
    }
}

/// Facts as a JSON object.
struct Facts<'a>(&'a [(String, Value)]);

impl Serialize for Facts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_stable_padded_base64_with_a_user_agent() {
        let a = DeviceFingerprint::new("app/1").with("timezone", "Asia/Tokyo").with("screen_width", 1080);
        let b = DeviceFingerprint::new("app/1").with("screen_width", 1080).with("timezone", "Asia/Tokyo");
        assert_eq!(a.encode(), b.encode());
        let json = STANDARD.decode(a.encode()).unwrap();
        assert_eq!(
            String::from_utf8(json).unwrap(),
            r#"{"screen_width":1080,"timezone":"Asia/Tokyo","user_agent":"app/1"}"#
        );
        assert!(DeviceFingerprint::new("ab").encode().ends_with('='));
    }

    #[test]
    fn the_user_agent_cannot_be_lost() {
        let print = DeviceFingerprint::new("app/1").with("user_agent", Value::Null);
        assert_eq!(print.user_agent(), "app/1");
        assert_eq!(print.with("user_agent", "app/2").user_agent(), "app/2");
    }
}
