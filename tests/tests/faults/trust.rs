//! Certificates: the sandbox's own root is trusted when it is named, a stranger's never, and nothing is sent before that.

use std::path::PathBuf;

use auth_sandbox::Sandbox;
use e2e::expect::{self, Form};
use e2e::shell::Shell;

fn https() -> Sandbox {
    Sandbox::builder().tls(["localhost"]).start().expect("it starts")
}

fn root_of(sandbox: &Sandbox, shell: &Shell, name: &str) -> PathBuf {
    let file = shell.home().join(name);
    std::fs::write(&file, sandbox.ca_pem().expect("it has a root")).expect("the home can be written");
    file
}

#[test]
fn a_named_root_is_trusted_to_the_end_of_the_sign_in() {
    let sandbox = https();
    let shell = Shell::at_sandbox(&sandbox);
    let root = root_of(&sandbox, &shell, "root.pem");
    shell.sign_in("sms@example.com", "--ca-file").arg(&root).run().exits(10);
    let code = sandbox.last_code("sms@example.com").expect("a code was sent");
    let done = shell.b2auth("signin --resume --code").arg(code).arg("--ca-file").arg(&root).run();
    expect::signed_in(Form::Text, &done, "sms@example.com", "front");
}

#[test]
fn a_stranger_s_certificate_is_refused_before_anything_is_sent() {
    let (sandbox, stranger) = (https(), https());
    for form in Form::BOTH {
        let shell = Shell::at_sandbox(&sandbox);
        let other = root_of(&stranger, &shell, "other.pem");
        for office in ["front", "back"] {
            let unknown = form.of(shell.sign_in("root@example.com", &format!("--office {office}")));
            expect::error(form, &unknown.run(), 6, "tls");
            let strange =
                shell.sign_in("root@example.com", &format!("--office {office} --ca-file")).arg(&other);
            expect::error(form, &form.of(strange).run(), 6, "tls");
        }
    }
    assert_eq!(sandbox.requests().len(), 0);
}
