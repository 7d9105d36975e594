//! One-time codes from `oathtool`, which shares no code with us.

use std::process::Command;

/// The code that an authenticator app with this secret shows now.
pub fn app_code(secret: &str) -> String {
    let codes = oathtool(&["--totp", "-b", secret]);
    codes.into_iter().next().expect("oathtool prints a code")
}

/// The code that it shows at this time, in seconds since 1970.
pub fn app_code_at(secret: &str, seconds: i64) -> String {
    let codes = oathtool(&["--totp", "-b", "-N", &format!("@{seconds}"), secret]);
    codes.into_iter().next().expect("oathtool prints a code")
}

/// Six digits that are no code of this secret for minutes to come.
pub fn wrong_app_code(secret: &str) -> String {
    let near = oathtool(&["--totp", "-b", "-N", "2 minutes ago", "-w", "20", secret]);
    let mut tries = (0..1_000_000).map(|number| format!("{number:06}"));
    tries.find(|code| !near.contains(code)).expect("most codes are wrong")
}

/// Six digits that differ from a code that was sent.
pub fn other_than(code: &str) -> String {
    let flip = |digit: char| if digit == '9' { '0' } else { '9' };
    code.chars().map(flip).collect()
}

fn oathtool(args: &[&str]) -> Vec<String> {
    let output =
        Command::new("oathtool").args(args).output().expect("oathtool is installed by `cargo xtask test`");
    assert!(output.status.success(), "oathtool: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}
