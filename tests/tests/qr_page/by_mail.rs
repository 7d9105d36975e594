//! Signing in on the page by e-mail, by mouse and by keyboard.

use auth_sandbox::{Limits, Sandbox};
use e2e::codes::app_code;
use e2e::waiting::until;

use super::browser::{PASSWORD, Page};

fn enter(page: &mut Page, email: &str, password: &str) {
    page.fill("#email", email);
    page.fill("#password", password);
    page.click("#credentials .primary");
}

#[test]
fn with_a_password_alone_by_keyboard() {
    let sandbox = Sandbox::builder().recaptcha(true).start().unwrap();
    let mut page = Page::open(&sandbox);
    page.wait("#email");
    while page.focused() != "email" {
        page.press("Tab");
    }
    page.write("plain@example.com");
    page.press("Tab");
    assert_eq!(page.focused(), "password");
    page.write(PASSWORD);
    page.press("Enter");
    assert_eq!(page.wait("#done-title"), "Signed in as plain@example.com");
    page.is_flawless();
    page.press("Tab");
    assert_eq!(page.focused(), "sign-out");
}

#[test]
fn with_an_authenticator_app_after_a_wrong_code() {
    let sandbox = Sandbox::start().unwrap();
    let mut page = Page::open(&sandbox);
    enter(&mut page, "totp@example.com", PASSWORD);
    assert!(page.wait("#code-hint").contains("authenticator app"));
    assert_eq!(page.focused(), "code");
    page.has_no_barriers();
    page.write("000");
    page.press("Enter");
    assert_eq!(page.wait("#error:not(:empty)"), "The code is wrong.");
    assert_eq!(page.focused(), "code");
    page.fill("#code", &app_code(&sandbox.totp_secret("totp@example.com").unwrap()));
    page.press("Enter");
    assert_eq!(page.wait("#done-title"), "Signed in as totp@example.com");
    page.is_usable_with(&["400"]);
}

#[test]
fn the_method_can_be_chosen_and_changed() {
    let sandbox = Sandbox::start().unwrap();
    let mut page = Page::open(&sandbox);
    enter(&mut page, "both@example.com", PASSWORD);
    page.wait("[data-method=google]");
    assert_eq!(page.wait("[data-method=sms]"), "SMS");
    page.has_no_barriers();
    page.click("[data-method=google]");
    page.wait("#code-hint");
    page.click("#other-method");
    page.click("[data-method=sms]");
    page.wait("#code-hint");
    let code = until("the SMS", || sandbox.last_code("both@example.com"));
    page.fill("#code", &code);
    page.press("Enter");
    assert_eq!(page.wait("#done-title"), "Signed in as both@example.com");
    page.is_flawless();
}

#[test]
fn what_goes_wrong_is_told() {
    let sandbox = Sandbox::builder().limits(Limits::default().sign_in(2)).start().unwrap();
    let mut page = Page::open(&sandbox);
    page.click("#credentials .primary");
    assert_eq!(page.wait("#error:not(:empty)"), "Enter your e-mail and your password.");
    assert_eq!(page.focused(), "email");
    enter(&mut page, "plain@example.com", "nope");
    page.wait("#error:text-is('The e-mail or the password is wrong.')");
    page.has_no_barriers();
    page.picture("refused");
    enter(&mut page, "reset@example.com", PASSWORD);
    assert!(page.wait("#error:has-text('setting a new password')").starts_with("This account"));
    enter(&mut page, "plain@example.com", "nope");
    page.wait("#error:text-is('The e-mail or the password is wrong.')");
    enter(&mut page, "plain@example.com", PASSWORD);
    assert_eq!(page.wait("#error:has-text('Too many')"), "Too many attempts. Try again in 600 seconds.");
    sandbox.fault("front/sign_in:html=502,times=1".parse().unwrap());
    enter(&mut page, "sms@example.com", PASSWORD);
    page.wait("#error:has-text('did not answer as expected')");
    page.is_usable_with(&["400", "429", "502"]);
}
