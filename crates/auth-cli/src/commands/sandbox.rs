//! `b2auth sandbox`

use crate::{
    args::Global,
    failure::Failure,
    interrupts::Interrupts,
    limits::for_sandbox,
    output,
    own_file::Kind,
    qr_code::{Drawing, draw},
    sandbox_args::Sandbox as Args,
    sandbox_tls, screen,
};
use auth_core::visible;
use auth_sandbox::{Builder, Channel, Message, Method, QrSettings, Sandbox, SignedDuration, UserInfo, Users};
use serde_json::{Value, json};
use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

/// Behind a certificate that a sandbox wrote, so that it is known again; whoever reads the certificate does not see it.
const CA_MARK: &str = "# The root certificate of a b2auth sandbox: for trials only\n";
const CA_OUT: Kind = Kind { option: "--ca-out", mode: 0o644, is_ours: is_root };

fn is_root(head: &[u8]) -> bool {
    head.starts_with(b"-----BEGIN CERTIFICATE-----") && head.ends_with(CA_MARK.as_bytes())
}

const TOKEN_FILE: Kind = Kind { option: "--steering-token-file", mode: 0o600, is_ours: is_token };

fn is_token(head: &[u8]) -> bool {
    head.starts_with(b"sandbox-") && head.ends_with(b"\n") && head.len() == 41
}

// Whoever waits for the file wants a number and nothing else, so that is its mark.
const PORT_FILE: Kind = Kind { option: "--port-file", mode: 0o644, is_ours: is_port };

fn is_port(head: &[u8]) -> bool {
    head.strip_suffix(b"\n").is_some_and(|number| {
        std::str::from_utf8(number)
            .is_ok_and(|number| !number.starts_with(['0', '+']) && number.parse::<u16>().is_ok())
    })
}

pub(crate) async fn run(global: &Global, args: Args) -> Result<ExitCode, Failure> {
    // From here on an interrupt ends it well, however early it comes.
    let mut interrupts = Interrupts::new()?;
    for (kind, file) in
        [(CA_OUT, &args.ca_out), (TOKEN_FILE, &args.steering_token_file), (PORT_FILE, &args.port_file)]
    {
        file.as_deref().map_or(Ok(()), |file| kind.check(file))?;
    }
    let sandbox = configure(global, &args)?.start();
    let sandbox = sandbox.map_err(|error| Failure::other("sandbox", error.to_string()))?;
    if let (Some(file), Some(pem)) = (&args.ca_out, sandbox.ca_pem()) {
        CA_OUT.put(file, format!("{}\n{CA_MARK}", pem.trim_end()).as_bytes())?;
    }
    if let (Some(file), Some(token)) = (&args.steering_token_file, sandbox.steering_token()) {
        TOKEN_FILE.put(file, format!("{token}\n").as_bytes())?;
    }
    // Last: who waits for it finds everything there.
    if let Some(file) = &args.port_file {
        PORT_FILE.put(file, format!("{}\n", sandbox.port()).as_bytes())?;
    }
    let introduced = match global.json {
        true => output::data(introduction(&sandbox, &args)),
        false => introduce(&sandbox, &args),
    };
    introduced.map_err(Failure::output)?;
    for warning in warnings(&sandbox) {
        if global.json {
            output::line(json!({"state": "warning", "warning": warning.kind, "text": warning.text}));
        }
        output::note(format!("b2auth: {}", warning.text));
    }
    interrupts.next().await;
    sandbox.stop();
    let saved = sandbox.save_state();
    saved.map_err(|error| Failure::other("sandbox", format!("the state is not kept: {error}")))?;
    match global.json {
        true => output::line(json!({"state": "stopped"})),
        false => output::line("stopped"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Something to know of a sandbox that serves.
struct Warning {
    /// For programs.
    kind: &'static str,
    /// Without anything in it that is chosen by others.
    text: &'static str,
}

/// What whoever lets other machines in has to know.
fn warnings(sandbox: &Sandbox) -> Vec<Warning> {
    if !sandbox.is_public() {
        return Vec::new();
    }
    let mut warnings = vec![Warning {
        kind: "other_machines",
        text: "other machines can reach this sandbox: it is a test host, and everybody knows its built-in users' password. \
               Keep real accounts and data out of it; steering takes its token.",
    }];
    if sandbox.url().starts_with("http://") {
        warnings.push(Warning {
            kind: "plain_http",
            text: "over plain http, passwords and tokens cross the network in the clear: --tls serves https.",
        });
    }
    warnings
}

fn configure(global: &Global, args: &Args) -> Result<Builder, Failure> {
    let mut builder = Sandbox::builder()
        .listen(args.listen)
        .recaptcha(args.recaptcha)
        .clock_offset(SignedDuration::from_secs(args.clock_offset))
        .refresh_grace(Duration::from_secs(args.refresh_grace))
        .access_token_lifetime(Duration::from_secs(args.access_lifetime))
        .refresh_token_lifetime(Duration::from_secs(args.refresh_lifetime))
        .accounts(args.accounts)
        .qr_available(!args.no_qr)
        .qr(QrSettings::default()
            .lifetime(Duration::from_secs(args.qr_lifetime))
            .lifetime_form(args.qr_lifetime_form)
            .location(args.qr_location.as_deref()))
        .on_message(if global.json { announce_as_json } else { announce });
    if args.steering_token_file.is_some() {
        // A random one.
        builder = builder.steering_token("");
    }
    for name in &args.host_names {
        builder = builder.host_name(name);
    }
    if let Some(file) = &args.users {
        let unusable = |why: String| Failure::usage(format!("--users {}: {why}", file.display()));
        let text = fs::read_to_string(file).map_err(|error| unusable(error.to_string()))?;
        builder = builder.users(Users::from_toml(&text).map_err(|error| unusable(error.to_string()))?);
    }
    if let Some(dialect) = &args.dialect {
        builder = builder.dialect(dialect.clone());
    }
    if let Some(file) = &args.state {
        builder = builder.state_file(file);
    }
    if let Some(path) = &args.base_path {
        builder = builder.base_path(path);
    }
    if args.tls {
        builder = builder.tls(args.tls_names.clone());
    }
    builder = sandbox_tls::configured(builder, args)?;
    for fault in &args.faults {
        builder = builder.fault(fault.clone());
    }
    if let Some(limits) = global.limits() {
        builder = builder.limits(for_sandbox(limits));
    }
    Ok(builder)
}

/// Shows a code as it is sent: this is the user's phone and mailbox.
fn announce(message: &Message) {
    let way = match message.channel {
        Channel::Sms => "SMS",
        Channel::Mail => "e-mail",
    };
    output::line(format!("{way} to {}: {}", visible(&message.to), message.code()));
}

/// The same for a program, which reads a line of JSON each.
fn announce_as_json(message: &Message) {
    let way = match message.channel {
        Channel::Sms => "sms",
        Channel::Mail => "email",
    };
    output::line(json!({"state": "sent", "channel": way, "to": message.to, "code": message.code()}));
}

/// All that there is to know of a sandbox that serves, for a program.
fn introduction(sandbox: &Sandbox, args: &Args) -> Value {
    let users: Vec<Value> = sandbox.users().iter().map(user_as_json).collect();
    json!({
        "state": "serving",
        "url": sandbox.url(),
        "port": sandbox.port(),
        "ca_file": args.ca_out.as_deref().map(|file| absolute(file).display().to_string()),
        "qr": !args.no_qr,
        "steering_token": shown_token(sandbox, args),
        "users": users,
    })
}

fn user_as_json(user: &UserInfo) -> Value {
    let method = |method: &Method| match method {
        Method::Google => "google",
        Method::Sms => "sms",
    };
    json!({
        "email": user.email,
        "office": if user.office == auth_sandbox::Office::Back { "back" } else { "front" },
        "methods": user.methods.iter().map(method).collect::<Vec<_>>(),
        "mailed_code": user.mailed_code,
        "force_reset": user.force_reset,
        "otpauth": user.otpauth_url(),
    })
}

fn introduce(sandbox: &Sandbox, args: &Args) -> io::Result<()> {
    let url = sandbox.url();
    output::data(format!(
        "sandbox at {url} (a B2Core look-alike for trials; nothing here is worth protecting)"
    ))?;
    let what = if args.no_qr { "sign-in page" } else { "sign-in page with a QR code" };
    output::data(format!("{what} at {url}/"))?;
    for user in sandbox.users() {
        output::data(describe(&user))?;
        if let Some(otpauth) = user.otpauth_url() {
            output::data(format!("    {}", visible(otpauth)))?;
            if let Some(drawing) = Drawing::of(otpauth) {
                output::raw(draw(&drawing, screen::look(&io::stdout())).join("\n"))?;
            }
        }
    }
    if args.accounts > 0 {
        output::data(format!("a client's accounts, behind its access token, at {url}/api/v2/my/accounts"))?;
    }
    output::data("codes sent by SMS and e-mail appear here, and at /_sandbox/outbox")?;
    if let Some(token) = shown_token(sandbox, args) {
        output::data(format!("what is below /_sandbox takes this header: Authorization: Bearer {token}"))?;
    }
    output::data(format!("try: {}", command_to_try(sandbox, args)))
}

/// The token that steering takes, unless it is in a file.
fn shown_token<'a>(sandbox: &'a Sandbox, args: &Args) -> Option<&'a str> {
    sandbox.steering_token().filter(|_| args.steering_token_file.is_none())
}

/// A command that works as it stands, in another terminal.
fn command_to_try(sandbox: &Sandbox, args: &Args) -> String {
    let mut command = format!("b2auth --host {}", sandbox.url());
    if let Some(file) = &args.ca_out {
        let file = absolute(file);
        command.push_str(&format!(" --ca-file {}", quoted(&file)));
    }
    command.push_str(" signin");
    let users = sandbox.users();
    let Some(user) = users.first() else { return command };
    if user.office == auth_sandbox::Office::Back {
        command.push_str(" --office back");
    }
    command.push_str(&format!(" --email {}", visible(&user.email)));
    if args.recaptcha {
        command.push_str(" --recaptcha proof");
    }
    // The built-in users' password is no secret; a file's is not shown.
    if args.users.is_none() { format!("echo Secret123 | {command} --password-stdin") } else { command }
}

fn describe(user: &UserInfo) -> String {
    let method = |method: &Method| match method {
        Method::Google => "authenticator app",
        Method::Sms => "SMS",
    };
    let mut ways: Vec<&str> = user.methods.iter().map(method).collect();
    if user.mailed_code {
        ways.push("e-mailed code");
    }
    if user.force_reset {
        ways.push("has to reset the password");
    }
    let ways = if ways.is_empty() { "password only".to_owned() } else { ways.join(", ") };
    format!(
        "  {} ({} office): {ways}",
        visible(&user.email),
        if user.office == auth_sandbox::Office::Back { "back" } else { "front" }
    )
}

fn absolute(file: &Path) -> PathBuf {
    std::path::absolute(file).unwrap_or_else(|_| file.to_owned())
}

/// A path as a shell reads it back.
fn quoted(path: &Path) -> String {
    format!("'{}'", visible(&path.display().to_string()).replace('\'', r"'\''"))
}
