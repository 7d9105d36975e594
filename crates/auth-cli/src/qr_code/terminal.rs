//! A code in a terminal: two modules to a character.

use super::Drawing;

/// How a terminal shows the two colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Black on white by the terminal's fixed colours, whatever its scheme is.
    Colors,
    /// By the scheme's own two colours. The light parts are drawn, so it has to be a dark scheme.
    Plain,
}

// Of the 256 colours those that no scheme changes.
const DARK_MODULES: &str = "\u{1b}[38;5;16;48;5;16m";
const LIGHT_MODULES: &str = "\u{1b}[38;5;16;48;5;231m";
const USUAL: &str = "\u{1b}[0m";

/// The lines of a code.
pub(crate) fn draw(drawing: &Drawing, look: Look) -> Vec<String> {
    let rows = (0..drawing.side()).step_by(2);
    rows.map(|y| match look {
        Look::Colors => in_colors(drawing, y),
        Look::Plain => plain(drawing, y),
    })
    .collect()
}

/// Where both modules are dark the background is dark too: a font whose full block leaves gaps makes no stripes.
fn in_colors(drawing: &Drawing, y: usize) -> String {
    let mut line = String::new();
    let mut before = "";
    for x in 0..drawing.side() {
        let (color, glyph) = match (drawing.is_dark(x, y), drawing.is_dark(x, y + 1)) {
            (true, true) => (DARK_MODULES, '█'),
            (true, false) => (LIGHT_MODULES, '▀'),
            (false, true) => (LIGHT_MODULES, '▄'),
            (false, false) => (LIGHT_MODULES, ' '),
        };
        if color != before {
            line.push_str(color);
            before = color;
        }
        line.push(glyph);
    }
    line.push_str(USUAL);
    line
}

fn plain(drawing: &Drawing, y: usize) -> String {
    let is_light = |x, y| y < drawing.side() && !drawing.is_dark(x, y);
    let glyph = |x| match (is_light(x, y), is_light(x, y + 1)) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    };
    (0..drawing.side()).map(glyph).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_looks_have_the_same_modules() {
        let drawing = Drawing::of("otpauth://totp/x?secret=AAAA").unwrap();
        let (colors, plain) = (draw(&drawing, Look::Colors), draw(&drawing, Look::Plain));
        assert_eq!((colors.len(), plain.len()), (drawing.side().div_ceil(2), colors.len()));
        for (at, (colored, plain)) in colors.iter().zip(&plain).enumerate() {
            let dark: String =
                colored.replace(DARK_MODULES, "").replace(LIGHT_MODULES, "").replace(USUAL, "");
            assert_eq!((dark.chars().count(), plain.chars().count()), (drawing.side(), drawing.side()));
            let inverted: String = plain
                .chars()
                .map(|glyph| match glyph {
                    '█' => ' ',
                    '▀' => '▄',
                    '▄' => '▀',
                    _ => '█',
                })
                .collect();
            // The last row has a lower half only where both colours are drawn.
            if at + 1 < colors.len() {
                assert_eq!(dark, inverted);
            }
        }
        assert!(plain[0].chars().all(|glyph| glyph == '█'), "the light margin is drawn");
    }
}
