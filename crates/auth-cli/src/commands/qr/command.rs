//! From the arguments to the command, and what is assumed of the host.

use super::{decide, show};
use crate::{
    clients::Clients,
    environment,
    failure::Failure,
    qr_args::{Qr, QrCommand},
};
use auth_client::QrProtocol;
use std::process::ExitCode;

pub(crate) async fn run(clients: &Clients, args: Qr) -> Result<ExitCode, Failure> {
    clients.assume(protocol(&args.options)?);
    match args.command {
        QrCommand::Show(args) => show::run(clients, &args).await,
        QrCommand::Inspect(code) => decide::inspect(clients, &code).await,
        QrCommand::Approve(args) => decide::approve(clients, &args).await,
        QrCommand::Decline(code) => decide::decline(clients, &code).await,
    }
}

/// The assumptions with these changes. An empty text among others changes nothing. Values are never quoted: one of them can be a secret.
fn protocol(options: &[String]) -> Result<QrProtocol, Failure> {
    let mut protocol = QrProtocol::default();
    if options.iter().all(String::is_empty) && options.len() == 1 {
        return Err(environment::empty("B2AUTH_QR_OPTION"));
    }
    for option in options.iter().filter(|option| !option.trim().is_empty()) {
        let (key, value) = option.split_once('=').ok_or_else(|| {
            Failure::usage(format!(
                "--qr-option takes KEY=VALUE; the keys are {}",
                QrProtocol::KEYS.join(", ")
            ))
        })?;
        let set = protocol.set(key.trim(), value);
        set.map_err(|error| Failure::usage(format!("--qr-option: {error}")))?;
    }
    Ok(protocol)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_taken_one_by_one_and_mistakes_name_the_keys() {
        let options =
            |texts: &[&str]| protocol(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        let set = options(&["inspect=true", "", "channel = signin.{id}"]).unwrap();
        assert!(set.inspect && set.channel == "signin.{id}", "{set:?}");
        for (wrong, named) in
            [("colour=red", "id_fields"), ("s3cret", "id_fields"), ("inspect=s3cret", "true or false")]
        {
            let failure = format!("{:?}", options(&[wrong]).unwrap_err());
            assert!(failure.contains(named) && !failure.contains("s3cret"), "{failure}");
        }
    }
}
