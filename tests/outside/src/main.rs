//! `outside CHECK URL`: does one thing that programs do with a host at this address, and prints what came of it in a line. One
//! check is one process, since what is installed for a process cannot be undone.

#[cfg(feature = "client-none")]
mod client;

use std::error::Error;

type Outcome = Result<String, Box<dyn Error>>;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [check, url] = args.as_slice() else { panic!("outside CHECK URL") };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let outcome = runtime.block_on(async {
        match check.as_str() {
            "get" => get(url).await,
            #[cfg(feature = "rustls-own")]
            "rustls" => rustls_finds_its_provider(),
            #[cfg(all(feature = "rustls-own", feature = "client-http"))]
            "install" => install_after_sign_in(url).await,
            #[cfg(feature = "client-none")]
            "build" => client::build(url),
            #[cfg(feature = "client-http")]
            "sign-in" => client::sign_in(url).await,
            #[cfg(feature = "client-middleware")]
            "bearer" => client::bearer(url).await,
            other => panic!("no check {other:?} with these features"),
        }
    });
    match outcome {
        Ok(line) => println!("{line}"),
        Err(error) => println!("{}", with_causes(&*error)),
    }
}

/// A request with reqwest's own client.
async fn get(url: &str) -> Outcome {
    let answer = reqwest::Client::new().get(url).send().await?;
    Ok(answer.status().as_u16().to_string())
}

/// A configuration for which rustls has to find the only provider that it was built with.
#[cfg(feature = "rustls-own")]
fn rustls_finds_its_provider() -> Outcome {
    let roots = rustls::RootCertStore::empty();
    let config = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    Ok(format!("{} cipher suites", config.crypto_provider().cipher_suites.len()))
}

/// The program installs its provider for the process, whatever our client has done before.
#[cfg(all(feature = "rustls-own", feature = "client-http"))]
async fn install_after_sign_in(url: &str) -> Outcome {
    #[cfg(not(feature = "rustls-ring"))]
    use rustls::crypto::aws_lc_rs as own;
    #[cfg(feature = "rustls-ring")]
    use rustls::crypto::ring as own;

    let before = client::sign_in(url).await?;
    own::default_provider().install_default().map_err(|_| "a provider was installed before")?;
    rustls_finds_its_provider()?;
    Ok(format!("{before}, installed"))
}

fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text.replace('\n', " ")
}
