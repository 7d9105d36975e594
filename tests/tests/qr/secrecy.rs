//! What is said nowhere.

use e2e::display::Display;
use e2e::opened;
use e2e::shell::Shell;

use super::stage::{about, approver, first_code, sandbox};

#[test]
fn no_secret_is_in_a_log_or_an_output_that_was_not_asked_for_it() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "-vvv");
    let shown = first_code(&sandbox, &mut display);
    let channel = shown["channel"].as_str().unwrap().to_owned();
    let options = "--qr-option inspect=true --qr-option decline=true -vvv";
    let inspected = about(&phone, &format!("inspect {options}"), &shown).run().exits(0);
    let approved = about(&phone, &format!("approve --yes {options}"), &shown).run().exits(0);
    let refused = about(&phone, &format!("approve --yes --json {options}"), &shown).run().exits(4);
    let declined = about(&phone, &format!("decline --json {options}"), &shown).run().exits(4);
    display.expect("approved");
    let display = display.end().exits(0);
    assert!(display.err.contains("qr_sign_in"), "there is a log: {}", display.err);

    let token = |shell: &Shell| shell.b2auth("token").run().exits(0).line().to_owned();
    let tokens = [token(&shell), token(&phone)];
    for done in [&inspected, &approved, &refused, &declined, &display] {
        let all = format!("{}{}", done.out, done.err);
        assert!(!all.contains("$2y$"), "the authorization token: {done:#?}");
        assert!(!tokens.iter().any(|token| all.contains(token)), "an access token: {done:#?}");
        assert!(!done.err.contains(&channel), "the channel's id: {done:#?}");
    }
    for done in [&inspected, &approved, &refused, &declined] {
        assert!(!done.out.contains(&channel), "the channel's id: {done:#?}");
    }
    assert_eq!(display.out.matches(&channel).count(), 3, "in the payload, the id and the name: {display:#?}");
    for home in [&shell, &phone] {
        assert!(!opened::holds(&home.store(), &channel) && !opened::holds(&home.store(), "$2y$"));
        for file in home.files() {
            let bytes = std::fs::read(&file).unwrap();
            let holds = bytes.windows(channel.len()).any(|window| window == channel.as_bytes());
            assert!(!holds, "{}", file.display());
        }
    }
}
