//! Secrets that are nowhere until they are made, letter by letter: a constant would be found in the program itself.

/// Every secret of a sign-in, by name.
pub(crate) const ALL: [&str; 7] = [
    "first access token",
    "first refresh token",
    "second access token",
    "second refresh token",
    "wizard's uuid",
    "password",
    "code",
];

/// Those that are there while somebody is signed in.
pub(crate) const TOKENS: [&str; 2] = ["second access token", "second refresh token"];

pub(crate) fn length(name: &str) -> usize {
    match name {
        "wizard's uuid" => 36,
        "password" => 20,
        // The longest that a code may be.
        "code" => 60,
        _ => 600,
    }
}

/// The letters of a secret, one by one.
pub(crate) fn letters(name: &str) -> impl Iterator<Item = u8> {
    let alphabet: &[u8] = match name {
        "code" => b"0123456789",
        _ => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
    };
    let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (0..length(name)).scan(seed, move |state, _| {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        Some(alphabet[(*state >> 33) as usize % alphabet.len()])
    })
}
