//! Accounts in answers, with the fields of the vendor's front-office objects.

use serde_json::{Value, json};

use super::time::iso;
use crate::accounts::{Account, Kind};

pub(super) fn account(account: &Account) -> Value {
    let Account { id, place, kind, currency, balance, created } = account;
    let (kind, group, platform) = match kind {
        Kind::Personal => ("personal", "Wallets", "B2Core"),
        Kind::Trade => ("trade", "Trading accounts", "MetaTrader 5"),
    };
    // Eighteen digits after the point, as the vendor writes amounts of any currency.
    let amount = |whole: u64| format!("{whole}.000000000000000000");
    json!({
        "accountId": id,
        "accountNumber": id.to_string(),
        "archive": false,
        "caption": currency.code,
        "currency": {
            "alphabeticCode": currency.code,
            "minorUnit": currency.minor_unit,
            "name": currency.name,
            "numericCode": currency.number,
        },
        "favourite": *place == 0,
        "group": { "id": if kind == "personal" { 1 } else { 2 }, "name": group, "priority": 1 },
        "platform": { "id": if kind == "personal" { 1 } else { 2 }, "name": platform },
        "priority": u32::from(*place) + 1,
        "statement": {
            "availableBalance": amount(*balance),
            "currentBalance": amount(*balance),
            "credit": amount(0),
            "equity": amount(*balance),
            "freeMargin": amount(*balance),
            "hold": amount(0),
            "margin": amount(0),
            "marginLevel": null,
            "pnl": amount(0),
            "updateTime": iso(*created),
        },
        "type": kind,
        "createTime": iso(*created),
    })
}
