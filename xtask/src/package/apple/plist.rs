//! `Info.plist` of an XCFramework: which slice is for what.

use super::slice::Slice;

/// The folder of the headers in a slice.
pub(super) const HEADERS: &str = "Headers";

/// Its text, for slices with a static library of this name each.
pub(super) fn of(file: &str, slices: &[&Slice]) -> String {
    let libraries: String = slices.iter().map(|slice| library(file, slice)).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n<dict>\n\t<key>AvailableLibraries</key>\n\t<array>\n{libraries}\t</array>\n\
         \t<key>CFBundlePackageType</key>\n\t<string>XFWK</string>\n\
         \t<key>XCFrameworkFormatVersion</key>\n\t<string>1.0</string>\n</dict>\n</plist>\n"
    )
}

fn library(file: &str, slice: &Slice) -> String {
    let architectures: String =
        slice.architectures().iter().map(|name| format!("\t\t\t\t<string>{name}</string>\n")).collect();
    let text = |key: &str, value: &str| format!("\t\t\t<key>{key}</key>\n\t\t\t<string>{value}</string>\n");
    let variant = slice.variant.map(|variant| text("SupportedPlatformVariant", variant)).unwrap_or_default();
    format!(
        "\t\t<dict>\n{}{}{}{}\t\t\t<key>SupportedArchitectures</key>\n\t\t\t<array>\n{architectures}\t\t\t</array>\n{}{variant}\t\t</dict>\n",
        text("BinaryPath", file),
        text("HeadersPath", HEADERS),
        text("LibraryIdentifier", slice.id),
        text("LibraryPath", file),
        text("SupportedPlatform", slice.platform),
    )
}

#[cfg(test)]
mod tests {
    use super::super::slice::SLICES;
    use super::*;

    /// The value behind a key, of a dictionary or of the first one in an array.
    fn value(dict: roxmltree::Node<'_, '_>, key: &str) -> Option<String> {
        let found = dict.children().find(|it| it.has_tag_name("key") && it.text() == Some(key))?;
        found.next_sibling_element().map(|it| it.text().unwrap_or_default().to_owned())
    }

    #[test]
    fn it_is_a_property_list_with_every_slice() {
        let text = of("libx.a", &SLICES.iter().collect::<Vec<_>>());
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
        let document = roxmltree::Document::parse_with_options(&text, options).unwrap();
        let dicts: Vec<_> = document.descendants().filter(|it| it.has_tag_name("dict")).collect();
        assert_eq!(dicts.len(), 1 + SLICES.len());
        assert_eq!(value(dicts[0], "CFBundlePackageType").as_deref(), Some("XFWK"));
        for (dict, slice) in dicts[1..].iter().zip(SLICES) {
            assert_eq!(value(*dict, "LibraryIdentifier").as_deref(), Some(slice.id));
            assert_eq!(value(*dict, "SupportedPlatformVariant").as_deref(), slice.variant);
        }
    }
}
