//! The page in both colour schemes, three languages and on a small screen: readable by people and by cameras.

use auth_sandbox::Sandbox;

use super::browser::{Look, Page};

#[test]
fn the_code_is_read_in_the_dark_too() {
    let sandbox = Sandbox::start().unwrap();
    let mut page = Page::with(&sandbox, "/", &Look { scheme: "dark", ..Look::default() });
    page.wait("#qr[data-state=shown]");
    let channel = page.channel("dark");
    page.is_flawless();
    assert!(sandbox.approve_qr(&channel, "sms@example.com"));
    page.wait("#done-title");
    page.picture("signed-in-dark");
    page.is_flawless();
}

#[test]
fn it_fits_a_small_screen() {
    let sandbox = Sandbox::start().unwrap();
    let look = Look { width: 360, height: 1180, ..Look::default() };
    let mut page = Page::with(&sandbox, "/", &look);
    page.wait("#qr[data-state=shown]");
    page.channel("small");
    page.is_flawless();
}

#[test]
fn it_speaks_the_browser_s_language_or_the_chosen_one() {
    let sandbox = Sandbox::start().unwrap();
    for (path, language, title) in
        [("/", "de-AT", "Mit QR-Code anmelden"), ("/?lang=es", "de-AT", "Iniciar sesión con un código QR")]
    {
        let mut page = Page::with(&sandbox, path, &Look { language, ..Look::default() });
        page.wait("#qr[data-state=shown]");
        assert_eq!(page.wait("#qr-title"), title);
        page.picture(language);
        page.is_flawless();
        page.click("nav a[lang=en]");
        page.wait("#qr-title:text-is('Sign in with a QR code')");
    }
}
