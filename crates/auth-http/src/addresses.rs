//! A cache of parsed URLs. A host has about a dozen, and parsing one takes longer than the rest of preparing a request.

use auth_core::ports::TransportError;
use reqwest::Url;
use std::sync::{Mutex, PoisonError};

/// The largest number of entries, more than the API has endpoints. The oldest is dropped first.
const MAX_ENTRIES: usize = 16;

#[derive(Debug, Default)]
pub(crate) struct Addresses(Mutex<Vec<(String, Url)>>);

impl Addresses {
    pub(crate) fn read(&self, text: &str) -> Result<Url, TransportError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, url)) = known.iter().find(|(of, _)| of == text) {
            return Ok(url.clone());
        }
        let url: Url = text.parse().map_err(|_| TransportError::Failed)?;
        if known.len() == MAX_ENTRIES {
            known.remove(0);
        }
        known.push((text.to_owned(), url.clone()));
        Ok(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_the_same_each_time_and_few_are_kept() {
        let addresses = Addresses::default();
        for n in 0..40 {
            let text = format!("https://broker.example/{n}");
            for _ in 0..2 {
                assert_eq!(addresses.read(&text).unwrap().as_str(), text);
            }
        }
        assert_eq!(addresses.0.lock().unwrap().len(), MAX_ENTRIES);
        assert_eq!(addresses.read("no address"), Err(TransportError::Failed));
    }
}
