//! Of `b2auth` at a host that gives back what it was sent: on both outputs, with all logging, and in the process list.

use e2e::expect::Form;
use e2e::raw_host::{Answer, RawHost};
use e2e::shell::{Call, Shell};
use e2e::waiting::until;

use super::host::{
    self, ECHOES, Echo, GOOGLE_CODE, MAILED_CODE, NEW_PASSWORD, PASSWORD, RECAPTCHA, RESET_CODE,
};

/// A command that sends secrets, and what has to come before it.
struct Scene {
    before: &'static [fn(&Shell) -> Call],
    call: fn(&Shell) -> Call,
    /// The path that gives back.
    echoes: &'static str,
}

const SCENES: &[Scene] = &[
    Scene { before: &[], call: |shell| sign_in(shell, "plain", ""), echoes: "/my/signin" },
    Scene {
        before: &[|shell| sign_in(shell, "both", "")],
        call: |shell| shell.b2auth("signin --resume --method google"),
        echoes: "/my/signin/2fa",
    },
    Scene {
        before: &[|shell| sign_in(shell, "both", "--method google")],
        call: |shell| shell.b2auth("signin --resume --code").arg(GOOGLE_CODE),
        echoes: "/my/2fa/google",
    },
    Scene {
        before: &[|shell| sign_in(shell, "reset", "")],
        call: |shell| shell.b2auth("signin --resume --code").arg(RESET_CODE),
        echoes: "/my/signin/password/restore",
    },
    Scene {
        before: &[|shell| sign_in(shell, "reset", "--code").arg(RESET_CODE)],
        call: |shell| {
            let call = shell.b2auth("signin --resume --new-password-stdin --recaptcha").arg(RECAPTCHA);
            call.input(&format!("{NEW_PASSWORD}\n"))
        },
        echoes: "/my/signin/password/reset",
    },
    Scene {
        before: &[|shell| sign_in(shell, "staff", "--office back")],
        call: |shell| shell.b2auth("signin --office back --resume --code").arg(MAILED_CODE),
        echoes: "/2fa/confirm",
    },
    Scene {
        before: &[|shell| sign_in(shell, "plain", "")],
        call: |shell| shell.b2auth("signout"),
        echoes: "/my/signout",
    },
];

fn sign_in(shell: &Shell, way: &str, words: &str) -> Call {
    let email = host::email(way);
    let call =
        shell.b2auth(&format!("signin --email {email} --password-stdin --recaptcha {RECAPTCHA} {words}"));
    call.input(&format!("{PASSWORD}\n"))
}

/// A host that is good but at one path.
fn host_with(echoes: &'static str, echo: Echo) -> RawHost {
    RawHost::start(move |request| {
        if request.path.strip_prefix("/api/v2") == Some(echoes) { echo(request) } else { host::good(request) }
    })
}

#[test]
fn of_every_command_refused_in_every_way() {
    let markers = host::markers();
    for scene in SCENES {
        // Both outputs are seen in turn.
        for ((way, echo), form) in ECHOES.iter().zip(Form::BOTH.into_iter().cycle()) {
            let host = host_with(scene.echoes, *echo);
            let shell = Shell::at(&host.url());
            for before in scene.before {
                before(&shell).run();
            }
            let done = form.of((scene.call)(&shell)).arg("-vvv").run();
            let place = format!("{} with {way}", scene.echoes);
            assert!(host.count(scene.echoes) > 0, "{place} was never asked: {done:#?}");
            assert!(done.err.contains("correlation_id"), "{place} was not traced: {done:#?}");
            markers.absent_from(&place, format!("{}{}", done.out, done.err));
            for path in shell.files() {
                markers.absent_from(&path.display().to_string(), std::fs::read(&path).unwrap());
            }
        }
    }
}

/// While a request is under way: the process list of this machine is for everybody to read.
#[test]
fn of_a_process_only_what_the_caller_put_there_is_listed() {
    let host =
        RawHost::start(
            |request| {
                if request.path.ends_with("/signin") { Answer::Silence } else { host::good(request) }
            },
        );
    let shell = Shell::at(&host.url()).with("B2AUTH_STORE_KEY", host::PASSPHRASE);
    let call = shell.b2auth("signin --password-stdin -vvv").arg("--email").arg(host::email("plain"));
    let mut child = call.arg("--recaptcha").arg("r").input(&format!("{PASSWORD}\n")).start();
    until("a request with the password", || (host.count("/signin") > 0).then_some(()));
    let process = std::path::PathBuf::from(format!("/proc/{}", child.id()));
    let listed = std::fs::read(process.join("cmdline")).unwrap();
    assert!(String::from_utf8_lossy(&listed).contains("--password-stdin"));
    host::markers().absent_from("the process list", &listed);
    // It starts no other process, which could be listed or inherit its environment.
    for task in std::fs::read_dir(process.join("task")).unwrap() {
        let children = std::fs::read_to_string(task.unwrap().path().join("children")).unwrap_or_default();
        assert_eq!(children, "");
    }
    child.kill().unwrap();
    let done = e2e::shell::Done::of(child.wait_with_output().unwrap());
    host::markers().absent_from("what was shown", format!("{}{}", done.out, done.err));
}
