//! `b2auth`: sign in to a B2Core host from the shell.
//!
//! The contract for scripts (options, exit codes, JSON) is in this crate's README and in `b2auth help`.

#![allow(rustdoc::bare_urls, reason = "comments on options are the help that a terminal shows")]

mod afterwards;
mod args;
mod call;
mod clients;
mod code_command;
mod commands;
mod environment;
mod failure;
mod interrupts;
mod limits;
mod logging;
mod messages;
mod nearest;
mod output;
mod own_file;
mod patient;
mod pins;
mod plain_lines;
mod plain_prompt;
mod prompt;
mod qr_args;
mod qr_code;
mod redis_place;
mod sandbox_args;
mod sandbox_tls;
mod screen;
mod secret_file;
mod settings;
mod store_args;
mod store_choice;
mod store_opening;
mod store_report;
mod store_spec;
mod terminal;
mod totp;
mod usage;
mod values;
mod wiped;

use args::{Cli, Command};
use auth_client::{BuildError, start_runtime};
use clients::Clients;
use failure::Failure;
use std::process::ExitCode;
use store_spec::StoreSpec;
use tokio::runtime::{Builder, Runtime};

fn main() -> ExitCode {
    let (Cli { global, command }, ignored) = match call::parse() {
        Ok(parsed) => parsed,
        Err(error) => return usage::report(error),
    };
    logging::start(global.verbose, global.log);
    messages::start(global.language.as_deref());
    let json = global.json;
    let failed = |failure: Failure| failure.report(json);
    if let Some(ignored) = ignored {
        return failed(ignored.into());
    }
    match run(&Clients::new(global), command) {
        Ok(Outcome::Done(exit)) => exit,
        Ok(Outcome::Become(command)) => commands::run::become_it(*command).unwrap_or_else(failed),
        Err(failure) => failed(failure),
    }
}

/// How a command ends.
enum Outcome {
    Done(ExitCode),
    /// Another program takes this one's place.
    Become(Box<std::process::Command>),
}

fn run(clients: &Clients, command: Command) -> Result<Outcome, Failure> {
    let keeps_sessions = match &command {
        Command::Sandbox(_)
        | Command::Demo
        | Command::Completions(_)
        | Command::Man(_)
        | Command::Pins
        | Command::Store(_) => false,
        // Somebody waits for it with a word half typed.
        Command::Accounts(args) => !args.profiles,
        _ => true,
    };
    let events = Events::of(&command, clients.global.store.as_ref());
    if !matches!(command, Command::Sandbox(_) | Command::Demo | Command::Completions(_) | Command::Man(_)) {
        environment::check(&clients.global.given)?;
    }
    let mut runtime = events.runtime()?;
    let mut result = runtime.block_on(obey(clients, command));
    if keeps_sessions {
        runtime.block_on(afterwards::wait_for_refresh(clients));
    }
    // A program that takes over is not kept waiting: a later command tells the hosts.
    if keeps_sessions && !matches!(result, Ok(Outcome::Become(_))) {
        result = result.or_else(|failure| {
            if failure.is_network()
                && let Ok(client) = clients.here()
            {
                clients.leave_alone(client.host());
            }
            // The output is written before a host is notified.
            Ok(Outcome::Done(failure.report(clients.global.json)))
        });
        let waiting = runtime.block_on(afterwards::waiting(clients));
        if !waiting.is_empty() {
            if events == Events::None {
                runtime = Events::Here.runtime()?;
            }
            runtime.block_on(afterwards::tell(clients, waiting));
        }
    }
    // A store's lock may still be waited for on another thread; nobody needs its outcome now.
    runtime.shutdown_background();
    result
}

/// Which thread watches the connections.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Events {
    /// None: a command that sends nothing has no connection.
    None,
    /// This one. It stands still for no longer than a file takes.
    Here,
    /// Another one: this one waits for a person or a program between two requests, and what the host does meanwhile must be noticed.
    Aside,
}

impl Events {
    fn of(command: &Command, store: Option<&StoreSpec>) -> Self {
        match command {
            // The store's server is reached like a host.
            Command::Status(_) | Command::Accounts(_) if store.is_some_and(StoreSpec::has_server) => {
                Self::Here
            }
            Command::Status(args) if !args.watch => Self::None,
            Command::Accounts(_) | Command::Completions(_) | Command::Man(_) => Self::None,
            Command::Signin(_) => Self::Aside,
            Command::Qr(args) if args.command.asks() => Self::Aside,
            _ => Self::Here,
        }
    }

    fn runtime(self) -> Result<Runtime, Failure> {
        let runtime = match self {
            Self::None => Builder::new_current_thread().enable_time().build(),
            Self::Here => Builder::new_current_thread().enable_all().build(),
            Self::Aside => {
                let no_thread = |_| Failure::other("runtime", BuildError::NoThread.to_string());
                return start_runtime(1).map_err(no_thread);
            }
        };
        runtime.map_err(|error| Failure::other("runtime", error.to_string()))
    }
}

async fn obey(clients: &Clients, command: Command) -> Result<Outcome, Failure> {
    let exit = match command {
        Command::Signin(args) => commands::signin::run(clients, args).await?,
        Command::Token(args) => commands::token::run(clients, args).await?,
        Command::Refresh => commands::refresh::run(clients).await?,
        Command::Run(args) => {
            return commands::run::prepare(clients, args).await.map(|it| Outcome::Become(Box::new(it)));
        }
        Command::Qr(args) => commands::qr::run(clients, args).await?,
        Command::Status(args) => commands::status::run(clients, &args).await?,
        Command::Accounts(args) => commands::accounts::run(clients, args).await?,
        Command::KeepAlive(args) => commands::keep_alive::run(clients, &args).await?,
        Command::Signout(args) => commands::signout::run(clients, args).await?,
        Command::Store(args) => commands::store::run(clients, args).await?,
        Command::Pins => commands::pins::run(clients).await?,
        Command::Sandbox(args) => commands::sandbox::run(&clients.global, *args).await?,
        Command::Demo => commands::demo::run().await?,
        Command::Completions(args) => commands::completions::run(&args)?,
        Command::Man(args) => commands::man::run(&args)?,
    };
    Ok(Outcome::Done(exit))
}
