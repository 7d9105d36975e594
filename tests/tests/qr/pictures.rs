//! Codes in pictures.

use std::fs;
use std::path::{Path, PathBuf};

use base64::{Engine, prelude::BASE64_STANDARD};
use e2e::display::Display;
use e2e::expect::{self, Form};
use e2e::pictures::photographed_by_browser;
use e2e::shell::Shell;

use super::stage::{approver, first_code, sandbox};

/// A page with these pictures on it.
fn page(folder: &Path, pictures: &[&[u8]], style: &str) -> PathBuf {
    let image = |png: &&[u8]| {
        format!("<img style='{style}' src='data:image/png;base64,{}'> ", BASE64_STANDARD.encode(png))
    };
    let body: String = pictures.iter().map(image).collect();
    let file = folder.join("page.html");
    fs::write(&file, format!("<body style='background:#ddd'>{body}<p>Scan me</p>"))
        .expect("it can be written");
    file
}

#[test]
fn a_picture_is_read_and_what_cannot_be_read_says_why() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "--png code.png");
    let shown = first_code(&sandbox, &mut display);
    let code = fs::read(shell.home().join("code.png")).unwrap();
    let mut other = Display::start(&shell, "--png other.png");
    first_code(&sandbox, &mut other);
    let second = fs::read(shell.home().join("other.png")).unwrap();
    let at = |name: &str| phone.home().join(name);
    let inspect = |name: &str| phone.b2auth("qr inspect --json --image").arg(at(name)).run();

    let photograph = |pictures: &[&[u8]], style: &str, name: &str| {
        photographed_by_browser(&page(phone.home(), pictures, style), &at(name), (1200, 900));
    };
    for style in
        ["", "width:180px", "transform:rotate(17deg);margin:120px", "filter:blur(1.5px) brightness(0.6)"]
    {
        photograph(&[&code], style, "shot.png");
        assert_eq!(inspect("shot.png").exits(0).json()["host"], sandbox.url(), "{style}");
    }
    photograph(&[&code, &code], "", "twice.png");
    inspect("twice.png").exits(0);

    photograph(&[&code, &second], "", "two.png");
    expect::error(Form::Json, &inspect("two.png"), 4, "picture_with_several_codes");
    photograph(&[], "", "none.png");
    expect::error(Form::Json, &inspect("none.png"), 4, "picture_without_code");
    fs::write(at("half.png"), &code[..code.len() / 2]).unwrap();
    expect::error(Form::Json, &inspect("half.png"), 4, "picture_damaged");
    fs::write(at("text.png"), "not a picture").unwrap();
    expect::error(Form::Json, &inspect("text.png"), 4, "picture_unknown");
    fs::write(at("huge.png"), [code.clone(), vec![0; 20 * 1024 * 1024]].concat()).unwrap();
    expect::error(Form::Json, &inspect("huge.png"), 4, "picture_too_large");
    expect::error(Form::Json, &inspect("no-such.png"), 2, "usage");
    fs::create_dir(at("folder.png")).unwrap();
    expect::error(Form::Json, &inspect("folder.png"), 2, "usage");

    fs::write(at("shot.jpg"), jpeg(phone.home(), &code)).unwrap();
    phone.b2auth("qr approve --yes --image").arg(at("shot.jpg")).run().exits(0);
    display.expect("approved");
    drop(shown);
    display.end().exits(0);
}

/// The same picture as a JPEG, by a browser.
#[track_caller]
fn jpeg(folder: &Path, png: &[u8]) -> Vec<u8> {
    let file = folder.join("convert.html");
    let script = format!(
        "<body><img src='data:image/png;base64,{}'><script>onload=()=>{{const i=document.images[0];\
         const c=document.createElement('canvas');c.width=i.width;c.height=i.height;\
         c.getContext('2d').drawImage(i,0,0);\
         document.body.textContent='('+c.toDataURL('image/jpeg',0.4).split(',')[1]+')'}}</script>",
        BASE64_STANDARD.encode(png)
    );
    fs::write(&file, script).expect("the folder can be written");
    let dom = e2e::pictures::dom_by_browser(&file);
    let text = dom.split_once('(').and_then(|(_, rest)| rest.split_once(')')).expect("a picture").0;
    let bytes = BASE64_STANDARD.decode(text).expect("base64");
    assert_eq!(bytes[..2], [0xff, 0xd8]);
    bytes
}
