//! Pictures of codes, made and read by programs that are not ours.

use std::path::Path;
use std::process::Command;

/// What `zbarimg` reads from a picture: the text of each QR code, a line each.
#[track_caller]
pub fn read_by_zbar(picture: &Path) -> String {
    let mut zbarimg = Command::new("zbarimg");
    zbarimg.args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]).arg(picture);
    let output = zbarimg.output().expect("zbarimg is installed by `cargo xtask test`");
    assert!(output.status.success(), "no code in {}: {output:?}", picture.display());
    String::from_utf8(output.stdout).expect("zbarimg writes UTF-8").trim_end().to_owned()
}

/// What a browser shows of a file (HTML, SVG), as a PNG of this size.
#[track_caller]
pub fn photographed_by_browser(file: &Path, picture: &Path, (width, height): (u32, u32)) {
    let size = format!("--window-size={width},{height}");
    let shot = format!("--screenshot={}", picture.display());
    browse(file, &["--hide-scrollbars", &size, &shot]);
    assert!(picture.exists(), "chromium took no picture of {}", file.display());
}

/// What a page has become once it is loaded, with all that its script does then.
#[track_caller]
pub fn dom_by_browser(file: &Path) -> String {
    browse(file, &["--dump-dom"])
}

#[track_caller]
fn browse(file: &Path, more: &[&str]) -> String {
    let profile = tempfile::tempdir().expect("there is room for a temporary folder");
    let mut chromium = Command::new("chromium");
    chromium.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]).args(more);
    chromium.arg(format!("--user-data-dir={}", profile.path().display()));
    let output = chromium.arg(format!("file://{}", file.display())).output();
    let output = output.expect("chromium is installed by `cargo xtask test`");
    assert!(output.status.success(), "chromium: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A terminal with this on it as a page in HTML: a monospace font, and colours of a scheme for what has none of its own.
pub fn terminal_as_html(shown: &str, (ground, letters): (&str, &str)) -> String {
    let mut html = format!(
        "<meta charset=utf-8><style>body{{margin:8px;background:{ground};color:{letters}}}\
         pre{{font:16px/1.17 'DejaVu Sans Mono',monospace;margin:0}}</style><pre><span>"
    );
    let mut rest = shown;
    while let Some(start) = rest.find('\u{1b}') {
        html.push_str(&escaped(&rest[..start]));
        let code = &rest[start..];
        let end = code.find(|c: char| c.is_ascii_alphabetic()).expect("an escape sequence ends");
        if &code[end..=end] == "m" {
            html.push_str(&span(&code[2..end]));
        }
        rest = &code[end + 1..];
    }
    html.push_str(&escaped(rest));
    html + "</span></pre>"
}

fn span(colors: &str) -> String {
    let color = |kind: &str| {
        let at = colors.find(kind)? + kind.len();
        match colors[at..].split(';').next()? {
            "16" => Some("#000"),
            "231" => Some("#fff"),
            other => panic!("the colour {other} is not one of a code"),
        }
    };
    let style =
        |name: &str, color: Option<&str>| color.map_or(String::new(), |color| format!("{name}:{color};"));
    let (letters, ground) = (style("color", color("38;5;")), style("background", color("48;5;")));
    format!("</span><span style='{letters}{ground}'>")
}

fn escaped(text: &str) -> String {
    text.replace('\r', "").replace('&', "&amp;").replace('<', "&lt;")
}
