//! The users every sandbox has unless told otherwise.

use super::{Method, Office, PasswordHash, User, Users, UsersError};
use crate::codes::totp::Authenticator;

/// The TOTP secret of `totp@example.com`; public, like everything here.
const TOTP_SECRET: &str = "YXGD6TWK26PMXW4GACMPSYSVREBL4T6M";
/// The TOTP secret of `both@example.com`.
const BOTH_SECRET: &str = "KMECKBHR23FATBF3RB23VWBY5K2MPBZT";

struct Row {
    office: Office,
    email: &'static str,
    client_id: u64,
    methods: &'static [Method],
    secret: Option<&'static str>,
    phone: Option<&'static str>,
    force_reset: bool,
    mailed_code: bool,
}

const FRONT: Row = Row {
    office: Office::Front,
    email: "plain@example.com",
    client_id: 101,
    methods: &[],
    secret: None,
    phone: None,
    force_reset: false,
    mailed_code: false,
};

const ROWS: [Row; 7] = [
    FRONT,
    Row {
        email: "totp@example.com",
        client_id: 102,
        methods: &[Method::Google],
        secret: Some(TOTP_SECRET),
        ..FRONT
    },
    Row {
        email: "sms@example.com",
        client_id: 103,
        methods: &[Method::Sms],
        phone: Some("+15550103"),
        ..FRONT
    },
    Row {
        email: "both@example.com",
        client_id: 104,
        methods: &[Method::Google, Method::Sms],
        secret: Some(BOTH_SECRET),
        phone: Some("+15550104"),
        ..FRONT
    },
    Row { email: "reset@example.com", client_id: 105, force_reset: true, ..FRONT },
    Row { office: Office::Back, email: "root@example.com", client_id: 1, ..FRONT },
    Row { office: Office::Back, email: "admin@example.com", client_id: 2, mailed_code: true, ..FRONT },
];

impl Users {
    /// The users every sandbox has unless told otherwise. Their password is `Secret123`.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn built_in() -> Result<Self, UsersError> {
        all()
    }
}

fn all() -> Result<Users, UsersError> {
    let password = PasswordHash::built_in().map_err(|_| UsersError::Random)?;
    let mut users = Users::empty();
    for row in ROWS {
        let authenticator = match row.secret {
            Some(secret) => Some(Authenticator::new(secret, row.email).map_err(|_| UsersError::Random)?),
            None => None,
        };
        users.add(
            0,
            User {
                email: row.email.to_owned(),
                office: row.office,
                client_id: row.client_id,
                password: password.clone(),
                methods: row.methods.to_vec(),
                authenticator,
                phone: row.phone.map(str::to_owned),
                force_reset: row.force_reset,
                has_own_password: false,
                mailed_code: row.mailed_code,
            },
        )?;
    }
    Ok(users)
}
