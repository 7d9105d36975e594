//! One object with one async call, one record, one error: no less makes a binding that does something.

use std::sync::OnceLock;
use tokio::runtime::{Builder, Runtime};

uniffi::setup_scaffolding!("floor");

/// What a call gives.
#[derive(serde::Deserialize, uniffi::Record)]
pub struct Answer {
    /// A text.
    pub text: String,
    /// A number.
    pub number: u64,
}

/// Why a call failed.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum FloorError {
    /// It failed.
    #[error("it failed")]
    Failed {
        /// How.
        how: String,
    },
}

/// Something to call.
#[derive(uniffi::Object)]
pub struct Floor;

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
    })
}

fn failed(how: impl ToString) -> FloorError {
    FloorError::Failed { how: how.to_string() }
}

#[uniffi::export]
impl Floor {
    /// One of them.
    #[uniffi::constructor]
    pub fn new() -> std::sync::Arc<Self> {
        std::sync::Arc::new(Self)
    }

    /// Reads an answer, over the network where that is built in.
    pub async fn ask(&self, of: String) -> Result<Answer, FloorError> {
        let task = runtime().spawn(fetch(of));
        let text = task.await.map_err(failed)??;
        serde_json::from_str(&text).map_err(failed)
    }
}

#[cfg(not(feature = "http"))]
async fn fetch(of: String) -> Result<String, FloorError> {
    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    Ok(of)
}

#[cfg(feature = "http")]
async fn fetch(of: String) -> Result<String, FloorError> {
    use std::sync::Arc;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = rustls_platform_verifier::Verifier::new(provider.clone()).map_err(failed)?;
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    let client = reqwest::Client::builder().tls_backend_preconfigured(config).build().map_err(failed)?;
    let mut answer = client.get(of).send().await.map_err(failed)?;
    let mut text = String::new();
    while let Some(chunk) = answer.chunk().await.map_err(failed)? {
        text.push_str(&String::from_utf8_lossy(&chunk));
    }
    Ok(text)
}
