//! The accounts of a client: made of its id, so that they are the same at every start and nobody else has them.

use jiff::Timestamp;

use crate::clock::after;
use std::time::Duration;

/// When the first client's first account was opened: 2024-01-01, in seconds since 1970.
const FIRST: i64 = 1_704_067_200;
const DAY: u64 = 24 * 60 * 60;

/// A currency as the vendor's objects describe it.
#[derive(Debug)]
pub(crate) struct Currency {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    /// ISO 4217; none for what is not in there.
    pub(crate) number: Option<u16>,
    /// Digits after the point.
    pub(crate) minor_unit: u8,
}

const CURRENCIES: [Currency; 3] = [
    Currency { code: "USD", name: "US Dollar", number: Some(840), minor_unit: 2 },
    Currency { code: "EUR", name: "Euro", number: Some(978), minor_unit: 2 },
    Currency { code: "BTC", name: "Bitcoin", number: None, minor_unit: 8 },
];

/// What an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A wallet.
    Personal,
    /// An account on a trading platform.
    Trade,
}

/// One account of a client.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) id: u64,
    /// Its place among the client's, from 0.
    pub(crate) place: u16,
    pub(crate) kind: Kind,
    pub(crate) currency: &'static Currency,
    /// In whole units of the currency.
    pub(crate) balance: u64,
    pub(crate) created: Timestamp,
}

impl Account {
    /// The account at this place, from 0, of this client: the first is a wallet, the others are for trading.
    pub(crate) fn of(client_id: u64, place: u16) -> Self {
        let number = u64::from(place);
        let opened = Duration::from_secs(client_id % 365 * DAY + number * 60 * 60);
        Self {
            id: client_id.saturating_mul(100_000).saturating_add(number),
            place,
            kind: if place == 0 { Kind::Personal } else { Kind::Trade },
            currency: &CURRENCIES[usize::from(place) % CURRENCIES.len()],
            balance: 1_000 * (number + 1) + client_id % 1_000,
            created: after(Timestamp::from_second(FIRST).unwrap_or_default(), opened),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_accounts_of_clients_are_the_same() {
        let places = || (0..u16::MAX).step_by(1_000);
        let ids: BTreeSet<u64> =
            (1..=200).flat_map(|client| places().map(move |place| Account::of(client, place).id)).collect();
        assert_eq!(ids.len(), 200 * places().count());
    }

    #[test]
    fn the_largest_id_is_no_overflow() {
        assert_eq!(Account::of(u64::MAX, u16::MAX).id, u64::MAX);
    }
}
