//! `b2auth sandbox` and `b2auth demo`: what a developer meets first.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use e2e::binary::b2auth;
use e2e::codes::app_code;
use e2e::expect::{self, Form};
use e2e::running::Running;
use e2e::shell::{Done, Shell};
use e2e::waiting::until;

#[test]
fn it_introduces_its_users_and_what_they_need() {
    let running = Running::start(&Shell::new(), "");
    let server_message = &running.introduction;
    for email in ["plain", "totp", "sms", "both", "reset", "root", "admin"] {
        assert!(server_message.contains(&format!("{email}@example.com")), "{server_message}");
    }
    assert_eq!(server_message.matches("otpauth://totp/").count(), 2, "{server_message}");
    assert!(server_message.contains("secret=YXGD6TWK26PMXW4GACMPSYSVREBL4T6M"), "{server_message}");
    assert!(
        server_message.contains('█') || server_message.contains('▀') || server_message.contains('▄'),
        "a QR code: {server_message}"
    );
}

/// Types the printed command into a shell that finds `b2auth`.
fn try_it(running: &Running) -> Done {
    let folder = b2auth().parent().expect("the command lies in a folder").display();
    let path = format!("{folder}:{}", std::env::var("PATH").expect("there is a PATH"));
    Shell::new().program("sh").arg("-c").arg(running.command_to_try()).env("PATH", path).run()
}

#[test]
fn the_printed_command_works() {
    for words in ["", "--base-path /broker", "--dialect legacy"] {
        let done = try_it(&Running::start(&Shell::new(), words));
        expect::signed_in(Form::Text, &done, "plain@example.com", "front");
    }
}

#[test]
fn the_printed_command_works_where_recaptcha_is_demanded() {
    let done = try_it(&Running::start(&Shell::new(), "--recaptcha"));
    expect::signed_in(Form::Text, &done, "plain@example.com", "front");
}

#[test]
fn the_printed_secret_makes_good_codes() {
    let running = Running::start(&Shell::new(), "");
    let secret = running.introduction.split("secret=").nth(1).unwrap().split(['&', '\n']).next().unwrap();
    let shell = Shell::at(&running.url());
    shell.sign_in("totp@example.com", "--code").arg(app_code(secret)).run().exits(0);
}

#[test]
fn a_sent_code_is_printed() {
    let mut running = Running::start(&Shell::new(), "");
    let shell = Shell::at(&running.url());
    shell.sign_in("sms@example.com", "").run().exits(10);
    let line = running.next_line();
    assert!(line.starts_with("SMS to "), "{line}");
    shell.b2auth("signin --resume --code").arg(line.trim().rsplit(' ').next().unwrap()).run().exits(0);
}

#[test]
fn it_says_where_the_page_is_and_how_long_its_codes_live() {
    let words = "--qr-lifetime 30 --qr-lifetime-form fraction --qr-location Limassol";
    let running = Running::start(&Shell::new(), words);
    let line = format!("sign-in page with a QR code at {}/\n", running.url());
    assert!(running.introduction.contains(&line), "{}", running.introduction);
    let code = running.ask("GET", "/api/v2/my/signin/qrcodes", "");
    assert!(code.contains(r#""lifetimeMinutes":0.5"#) && code.contains(r#""location":"Limassol""#), "{code}");

    let running = Running::start(&Shell::new(), "--no-qr");
    assert!(running.introduction.contains("\nsign-in page at http"), "{}", running.introduction);
    assert!(running.ask("GET", "/api/v2/my/signin/qrcodes", "").starts_with("HTTP/1.0 404"));
}

#[test]
fn the_port_is_written_into_a_file_once_it_listens() {
    let shell = Shell::new();
    let file = shell.home().join("port");
    let running = Running::start(&shell, &format!("--port-file {}", file.display()));
    let port = until("the port file", || fs::read_to_string(&file).ok());
    assert_eq!(format!("http://127.0.0.1:{}", port.trim()), running.url());
    assert!(port.ends_with('\n'));
    TcpStream::connect(("127.0.0.1", port.trim().parse().unwrap())).unwrap();
}

#[test]
fn steering_takes_the_token_that_is_in_a_file_for_the_user_alone() {
    let shell = Shell::new();
    let file = shell.home().join("token");
    let words = format!("sandbox --steering-token-file {} --host-name broker.test", file.display());
    let running = Running::of(shell.b2auth(&words));
    let token = fs::read_to_string(&file).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!running.introduction.contains(token.trim()), "it is not shown where it is in a file");
    assert!(running.ask("GET", "/_sandbox/outbox", "").starts_with("HTTP/1.0 403"));
    let asked = |host: &str| {
        let header = format!("Authorization: Bearer {}", token.trim());
        let curl = shell.program("curl").arg("-s").arg("-o").arg("-").arg("-H").arg(header).arg("-H");
        curl.arg(format!("Host: {host}")).arg(format!("{}/_sandbox/outbox", running.url())).run().out
    };
    assert_eq!((asked("localhost").as_str(), asked("broker.test").as_str()), ("[]", "[]"));
    assert!(asked("evil.example").contains("--host-name"));
    try_it(&running).exits(0);
}

#[test]
fn users_of_one_s_own() {
    let shell = Shell::new();
    let file = shell.home().join("users.toml");
    fs::write(&file, "[[user]]\nemail = \"ann@example.org\"\npassword = \"hers-1234\"\noffice = \"front\"\n")
        .unwrap();
    let running = Running::start(&shell, &format!("--users {}", file.display()));
    assert!(running.introduction.contains("ann@example.org"));
    let user = Shell::at(&running.url());
    user.b2auth("signin --email ann@example.org --password-stdin").input("hers-1234\n").run().exits(0);
    user.sign_in("plain@example.com", "").run().exits(4);
}

#[test]
fn the_command_to_try_names_a_user_that_there_is() {
    let shell = Shell::new();
    let file = shell.home().join("users.toml");
    fs::write(&file, "[[user]]\nemail = \"ann@example.org\"\npassword = \"hers-1234\"\noffice = \"front\"\n")
        .unwrap();
    let running = Running::start(&shell, &format!("--users {}", file.display()));
    assert!(!running.command_to_try().contains("plain@example.com"), "{}", running.command_to_try());
}

#[test]
fn a_bad_users_file_is_told_with_its_line() {
    for (text, told) in [
        ("[[user]]\nemail = \"ann@example.org\"\n", "line 1"),
        ("[[user]]\nemail = \"ann@example.org\"\npassword = \"x\"\noffice = \"moon\"\n", "line 4"),
        ("[[user]\n", "line 1"),
        ("", "user"),
    ] {
        for form in Form::BOTH {
            let shell = Shell::new();
            let file = shell.home().join("users.toml");
            fs::write(&file, text).unwrap();
            let done = form.of(shell.b2auth("sandbox --users").arg(&file)).run();
            expect::error(form, &done, 2, "usage");
            assert!(done.err.contains("users.toml") && done.err.contains(told), "{done:#?}");
        }
    }
}

#[test]
fn a_dialect_a_base_path_recaptcha_and_limits() {
    let words = "--dialect tutorial,errors=v1 --base-path /broker --recaptcha --limits sign_in=1";
    let running = Running::start(&Shell::new(), words);
    assert!(running.url().ends_with("/broker"), "{}", running.url());
    let shell = Shell::at(&running.url()).with("B2AUTH_LIMITS", "off");
    shell.sign_in("plain@example.com", "").run().exits(10);
    shell.sign_in("plain@example.com", "--recaptcha ok").run().exits(0);
    shell.sign_in("plain@example.com", "--recaptcha ok").run().exits(5);
}

#[test]
fn faults_act_and_can_be_set_and_cleared_while_it_runs() {
    let running = Running::start(
        &Shell::new(),
        "--fault sign_in:status=503,times=1 --fault sign_in:status=429,retry_after=77,times=1",
    );
    let sign_in = || Shell::at(&running.url()).sign_in("plain@example.com", "").run();
    sign_in().exits(7);
    let blocked = sign_in().exits(5);
    assert!(blocked.err.contains("1 min"), "{blocked:#?}");
    sign_in().exits(0);
    let set = running.ask("POST", "/_sandbox/faults", r#"{"fault": "wizard:html=200"}"#);
    assert!(set.contains(r#"{"fault":"wizard:html=200","seen":0,"acted":0}"#), "{set}");
    sign_in().exits(7);
    assert!(running.ask("GET", "/_sandbox/requests", "").contains(r#""fault":"wizard:html=200""#));
    running.ask("DELETE", "/_sandbox/faults", "");
    sign_in().exits(0);
}

#[test]
fn a_spent_refresh_token_is_forgiven_for_a_while() {
    let running = Running::start(&Shell::new(), "--refresh-grace 30 --fault refresh:drop=after,times=1");
    let shell = Shell::at(&running.url());
    shell.sign_in("plain@example.com", "").run().exits(0);
    shell.b2auth("refresh").run().exits(6);
    shell.b2auth("refresh").run().exits(0);
    running.ask("POST", "/_sandbox/settings", r#"{"refresh_grace_seconds": 0}"#);
    running.ask("POST", "/_sandbox/faults", r#"{"fault": "refresh:drop=after,times=1"}"#);
    shell.b2auth("refresh").run().exits(6);
    shell.b2auth("refresh").run().exits(3);
}

#[test]
fn its_clock_can_be_wrong() {
    for offset in ["3600", "-3600"] {
        let running = Running::start(&Shell::new(), &format!("--clock-offset {offset}"));
        let clock = running.ask("GET", "/_sandbox/clock", "");
        assert!(clock.contains(&format!("\"offset_seconds\":{offset}.0")), "{clock}");
        let secret = running.introduction.split("secret=").nth(1).unwrap().split(['&', '\n']).next().unwrap();
        let sign_in =
            || Shell::at(&running.url()).sign_in("totp@example.com", "--code").arg(app_code(secret)).run();
        sign_in().exits(4);
        running.ask("POST", "/_sandbox/clock", r#"{"offset_seconds": 0}"#);
        sign_in().exits(0);
    }
}

#[test]
fn https_with_a_root_of_its_own() {
    let shell = Shell::new();
    let file = shell.home().join("it's a root.pem");
    let words = shell.b2auth("sandbox --tls --tls-name broker.example --ca-out").arg(&file);
    let running = Running::of(words);
    assert!(running.url().starts_with("https://127.0.0.1:"), "{}", running.url());
    assert!(fs::read_to_string(&file).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    assert_eq!(shell.files(), [file], "nothing else is left, no half a file and no key");
    expect::signed_in(Form::Text, &try_it(&running), "plain@example.com", "front");
    Shell::at(&running.url()).sign_in("plain@example.com", "").run().exits(6);
}

#[test]
fn wrong_options_are_told() {
    for (words, told) in [
        ("--fault any:explode", "there are status, delay, drop"),
        ("--fault login:html=200", "there are any, wizard, sign_in"),
        ("--clock-offset soon", "--clock-offset"),
        ("--qr-lifetime-form soon", "number, text, fraction or missing"),
        ("--qr-lifetime soon", "--qr-lifetime"),
        ("--tls", "--ca-out"),
        ("--tls-name broker.example", "--tls"),
    ] {
        for form in Form::BOTH {
            let done = form.of(Shell::new().b2auth(&format!("sandbox {words}"))).run();
            expect::error(form, &done, 2, "usage");
            assert!(done.err.contains(told), "{done:#?}");
        }
    }
}

#[test]
fn a_certificate_that_cannot_be_made_or_written_is_told() {
    let shell = Shell::new();
    let done = shell.b2auth("sandbox --tls --ca-out ca.pem --tls-name a..b").run();
    expect::error(Form::Text, &done, 1, "sandbox");
    assert!(done.err.contains("\"a..b\""), "{done:#?}");
    let done = shell.b2auth("sandbox --tls --ca-out missing/ca.pem").run();
    expect::error(Form::Text, &done, 2, "usage");
    assert!(done.err.contains("--ca-out missing/ca.pem"), "{done:#?}");
    assert!(shell.files().is_empty());
}

#[test]
fn an_address_in_use_is_told() {
    let running = Running::start(&Shell::new(), "");
    let address = running.url().replace("http://", "");
    for form in Form::BOTH {
        let done = form.of(Shell::new().b2auth("sandbox --listen").arg(&address)).run();
        expect::error(form, &done, 1, "sandbox");
    }
}

/// More than once: a signal right after the introduction must find the sandbox listening for it.
#[track_caller]
fn ends_well(signal: &str) {
    let codes: Vec<i32> = (0..10).map(|_| Running::start(&Shell::new(), "").signal(signal)).collect();
    assert_eq!(codes, [0; 10]);
}

#[test]
fn an_interrupt_ends_it_well() {
    ends_well("INT");
}

#[test]
fn a_request_to_terminate_ends_it_well() {
    ends_well("TERM");
}

#[test]
fn the_demo_shows_everything_on_one_screen() {
    let shell = Shell::new();
    let demo = shell.b2auth("demo").run().exits(0);
    assert_eq!(demo.err, "");
    // A QR code takes a screen's height of its own.
    let lines = demo.out.lines().filter(|line| !line.contains(['█', '▀', '▄']));
    assert!(lines.count() <= 40, "{}", demo.out);
    assert!(demo.out.lines().all(|line| line.chars().count() <= 110), "{}", demo.out);
    for shown in [
        "plain@example.com",
        "totp@example.com",
        "sms@example.com",
        "both@example.com",
        "reset@example.com",
        "root@example.com",
        "admin@example.com",
        "wrong or expired code",
        "locked out for",
        "refresh",
        "sign-out",
        "QR code on a screen",
        "the screen is approved",
    ] {
        assert!(demo.out.contains(shown), "{shown}:\n{}", demo.out);
    }
    assert!(!demo.out.contains("Secret123") && !demo.out.contains("eyJ"), "{}", demo.out);
    assert!(shell.files().is_empty(), "the demo leaves nothing behind");
}

#[test]
fn the_demo_is_not_disturbed_by_a_user_s_settings() {
    let shell =
        Shell::at("https://broker.example").with("B2AUTH_OFFICE", "back").with("B2AUTH_LIMITS", "sign_in=1");
    shell.b2auth("demo").run().exits(0);
}

#[test]
fn a_sandbox_with_json_speaks_json_from_its_first_line_to_its_last() {
    let shell = Shell::new();
    let mut child = shell.b2auth("--json sandbox").start();
    let mut out = BufReader::new(child.stdout.take().expect("its output is read"));
    let mut next = || -> serde_json::Value {
        let mut line = String::new();
        out.read_line(&mut line).expect("it prints UTF-8");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    };
    let serving = next();
    assert_eq!(serving["state"], "serving");
    let users = serving["users"].as_array().expect("a list");
    let sms = users.iter().find(|user| user["email"] == "sms@example.com").expect("a built-in user");
    assert_eq!((&sms["office"], &sms["methods"][0]), (&"front".into(), &"sms".into()));
    let url = serving["url"].as_str().expect("its address");
    let shell = shell.with("B2AUTH_HOST", url);
    shell.sign_in("sms@example.com", "").run().exits(10);
    let sent = next();
    assert_eq!((&sent["state"], &sent["channel"]), (&"sent".into(), &"sms".into()));
    let code = sent["code"].as_str().expect("its code");
    shell.b2auth(&format!("signin --resume --code {code}")).run().exits(0);
    let id = child.id().to_string();
    assert!(Command::new("kill").arg(&id).status().expect("there is a kill").success());
    assert_eq!(next()["state"], "stopped");
    assert!(until("its end", || child.try_wait().expect("it can be asked")).success());
}
