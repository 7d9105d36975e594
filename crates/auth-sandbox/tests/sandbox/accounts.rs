//! `GET /accounts`: a resource behind the access token.

use auth_sandbox::{Sandbox, Users};
use serde_json::{Value, json};

use crate::support::{PASSWORD, Reply, Rig};

const TWO_CLIENTS: &str = r#"
    [[user]]
    email = "ann@example.org"
    password = "Secret123"
    office = "front"
    client_id = 101
    [[user]]
    email = "bob@example.org"
    password = "Secret123"
    office = "front"
    client_id = 102
"#;

async fn ask(rig: &Rig, query: &str, token: &str) -> Reply {
    let url = format!("{}/api/v2/my/accounts{query}", rig.sandbox.url());
    rig.send(rig.http.get(url).bearer_auth(token)).await
}

fn ids(list: &Value) -> Vec<u64> {
    list["data"].as_array().unwrap().iter().map(|account| account["accountId"].as_u64().unwrap()).collect()
}

/// A sandbox with so many accounts for each client, and a client's access token.
async fn with(count: u16) -> (Rig, String) {
    let rig = Rig::with(Sandbox::builder().accounts(count));
    let (token, _) = rig.enter("plain@example.com").await.tokens();
    (rig, token)
}

#[tokio::test]
async fn each_client_has_accounts_of_its_own_and_the_same_ones_every_time() {
    let mut seen = Vec::new();
    for _ in 0..2 {
        let rig = Rig::with(Sandbox::builder().users(Users::from_toml(TWO_CLIENTS).unwrap()));
        let mut lists = Vec::new();
        for email in ["ann@example.org", "bob@example.org"] {
            let (token, _) = rig.enter(email).await.tokens();
            lists.push(ask(&rig, "", &token).await.json());
        }
        seen.push(lists);
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(ids(&seen[0][0]), [10_100_000, 10_100_001, 10_100_002]);
    assert_eq!(ids(&seen[0][1]), [10_200_000, 10_200_001, 10_200_002]);
    let account = &seen[0][0]["data"][1];
    assert_eq!(account["currency"]["alphabeticCode"], "EUR");
    assert_eq!((&account["type"], &account["accountNumber"]), (&json!("trade"), &json!("10100001")));
    assert_eq!(account["statement"]["availableBalance"], "2101.000000000000000000");
    assert_eq!(account["createTime"], "2024-04-11T01:00:00+00:00");
}

#[tokio::test]
async fn a_page_is_what_limit_and_offset_say_and_the_total_is_of_all() {
    let (rig, token) = with(60).await;
    for (query, first, count) in [
        ("", 0, 50),
        ("?limit=10", 0, 10),
        ("?limit=10&offset=55&sort_by=createTime", 55, 5),
        ("?offset=60", 0, 0),
        ("?limit=0", 0, 0),
        ("?limit=18446744073709551615&offset=18446744073709551615", 0, 0),
    ] {
        let list = ask(&rig, query, &token).await.json();
        assert_eq!(list["total"], 60, "{query}");
        let expected: Vec<u64> = (0..count).map(|place| 10_100_000 + first + place).collect();
        assert_eq!(ids(&list), expected, "{query}");
    }
    for query in ["?limit=many", "?limit=-1", "?offset=1.5", "?limit="] {
        let reply = ask(&rig, query, &token).await;
        assert_eq!(reply.status, 400, "{query}");
        let field = &query[1..query.find('=').unwrap()];
        assert_eq!(reply.issues(), [format!("The {field} parameter must be a whole number from 0 up")]);
    }
}

#[tokio::test]
async fn there_can_be_none() {
    let (rig, token) = with(0).await;
    assert_eq!(ask(&rig, "", &token).await.json(), json!({ "total": 0, "data": [] }));
}

#[tokio::test]
async fn without_a_good_token_of_the_front_office_it_is_401_in_the_dialect() {
    let rig = Rig::new();
    let (token, refresh) = rig.enter("plain@example.com").await.tokens();
    let (back, _) = rig.back_sign_in("root@example.com", PASSWORD).await.tokens();
    assert_eq!(ask(&rig, "", &token).await.status, 200);
    rig.seconds(15 * 60);
    assert_eq!(rig.get("/api/v2/my/accounts").await.status, 401);
    for bad in [token.as_str(), &refresh, &back, "guess", ""] {
        let reply = ask(&rig, "", bad).await;
        assert_eq!(reply.status, 401);
        assert!(!reply.text.contains("accountId") && !reply.issues().is_empty(), "{reply:?}");
    }
    let rig = Rig::dialect("errors=laravel");
    let reply = ask(&rig, "", "guess").await;
    assert_eq!((reply.status, reply.json()), (401, json!({ "message": "Unauthenticated" })));
}

#[tokio::test]
async fn it_is_asked_like_the_vendor_s_endpoints() {
    let (rig, token) = with(3).await;
    assert_eq!(rig.post_bearer("/api/v2/my/accounts", &token).await.status, 405);
    rig.sandbox.fault("any:status=503,times=1".parse().unwrap());
    assert_eq!(ask(&rig, "", &token).await.status, 503);
    let asked = rig.sandbox.requests();
    assert_eq!(asked.last().unwrap().path, "/api/v2/my/accounts");
    // Behind a balancer each machine knows whose token it is.
    let rig = Rig::dialect("cookies=pinned");
    assert_eq!(ask(&rig, "", "guess").await.status, 401);
}
