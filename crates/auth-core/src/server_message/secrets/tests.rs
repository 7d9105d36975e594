use super::*;

const SECRET: &str = "pä/ss \"w&rd\" 1";

fn cut(secrets: &Secrets, text: &str) -> String {
    secrets.cut_from(&Searched::of(text.to_owned()), true)
}

#[test]
fn every_usual_spelling_is_cut() {
    let earlier = Secrets::default().behind(&Secrets::of([SECRET]).as_earlier());
    for spelling in [
        SECRET,
        "Pä/SS \"W&RD\" 1",
        "PÄ/SS \"W&RD\" 1",
        "pa\u{308}/ss \"w&rd\" 1",
        "pä/ss\u{a0}\"w\u{ad}&r\u{200d}d\" 1",
        r#"pä/ss \"w&rd\" 1"#,
        r#"pä\/ss \"w&rd\" 1"#,
        r#"p\u00e4\/ss \"w&rd\" 1"#,
        r"p\u00e4/ss \u0022w\u0026rd\u0022 1",
        "p%C3%A4%2Fss%20%22w%26rd%22%201",
        "p%c3%a4%2fss+%22w%26rd%22+1",
        "p%E4/ss%20%22w&rd%22%201",
        "pa%CC%88/ss \"w&rd\" 1",
        "pä/ss &quot;w&amp;rd&quot; 1",
        "p&auml;&sol;ss&nbsp;&#34;w&#38rd&#x22; 1",
        "p&amp;#xe4;/ss &amp;quot;w&amp;amp;rd&amp;quot; 1",
        "p%26auml%3B/ss %26quot%3Bw%26amp%3Brd%26quot%3B 1",
        r"p\\u00e4/ss \\\u0022w\\u0026rd\\u0022 1",
        "cMOkL3NzICJ3JnJkIiAx",
        "70c3a42f7373202277267264222031",
    ] {
        let text = format!("you sent ({spelling}) and ({spelling})");
        for secrets in [&Secrets::of([SECRET]), &earlier] {
            assert_eq!(cut(secrets, &text), "you sent (…) and (…)", "{spelling}");
        }
    }
    assert_eq!(cut(&Secrets::of(["Secret123"]), "SECRET123!"), "…!");
    assert_eq!(cut(&Secrets::of(["ÄÖÜ-Secret"]), "äöü-secret"), "…");
}

#[test]
fn a_secret_that_looks_escaped_is_cut_as_it_is_and_as_it_looks() {
    for (secret, echo) in [
        ("50%25off&amp;x", "50%25off&amp;x"),
        ("50%25off&amp;x", "50%2525off&amp;amp;x"),
        ("50%25off&amp;x", "50%off&x"),
        (r"C:\new\u0041", r"C:\new\u0041"),
        (r"C:\new\u0041", r"C:\\new\\u0041"),
        ("t%eä\\o", "t%25E%61%CC%88%5C%5CO"),
        (r"g\Bjo&x", "G%5CbJO%26%23x26%3BX"),
    ] {
        assert_eq!(cut(&Secrets::of([secret]), &format!("<{echo}>")), "<…>", "{echo}");
    }
}

#[test]
fn short_ones_are_left_and_longer_ones_go_with_what_they_hold() {
    assert_eq!(cut(&Secrets::of(["abc"]), "abc"), "abc");
    assert_eq!(cut(&Secrets::of(["a"]), "a message with an a and &#97;"), "a message with an a and &#97;");
    assert_eq!(cut(&Secrets::of(["abcd", "abcdef"]), "abcdefgh"), "…gh");
    assert_eq!(cut(&Secrets::of(["abcd", "cdef"]), "abcdefgh"), "…gh");
    // Nothing is found that was not sent.
    assert_eq!(cut(&Secrets::of(["pässwort"]), "passwort"), "passwort");
}

#[test]
fn a_start_of_a_secret_at_the_end_of_what_was_cut_off_goes() {
    let secrets = Secrets::of(["Secret123"]);
    for end in ["S", "Secret12", "&#83;ecret12", "Secret1&#x3", "%53ecret1%3"] {
        let text = format!("{}{end}", "it is no word ".repeat(9));
        let shown = secrets.cut_from(&Searched::of(text), false);
        assert!(shown.starts_with("it is no") && !shown.ends_with(end) && !shown.contains("ecre"), "{shown}");
    }
}

#[test]
fn nothing_of_a_secret_is_kept_for_later() {
    let later = Secrets::of([SECRET]).as_earlier();
    assert_eq!(format!("{later:?}"), "Earlier(..)");
    let secrets = Secrets::default().behind(&later);
    assert!(secrets.sent.is_empty() && secrets.has_earlier() && !secrets.of_now().has_earlier());
}

#[test]
fn a_secret_is_spelled_once_whoever_asks() {
    let long = "%CC%81%CC%A3".repeat(680);
    let secrets = Secrets::of([long.as_str()]);
    let (_, once) = work::of(|| secrets.known().len());
    assert!((1..=64 * long.len()).contains(&once), "{once}");
    let more = secrets.clone().and([long.as_str()]).and_cookies([long.as_str(), "12345678"]);
    let behind = more.clone().behind(&Secrets::of(["another"]).as_earlier());
    let (_, again) = work::of(|| {
        for secrets in [&secrets, &more, &behind, &behind.of_now()] {
            secrets.known();
            secrets.as_earlier();
        }
    });
    assert!(again < 500, "{again}");
}

#[test]
fn a_secret_that_is_too_long_to_be_found_is_not_read() {
    let secrets = Secrets::default().and_cookies(["%CC%81".repeat(33_000).as_str()]);
    let (text, steps) = work::of(|| cut(&secrets, "no such thing"));
    assert_eq!((text.as_str(), steps), ("no such thing", "no such thing".len()));
}

#[test]
fn of_many_cookies_the_newest_are_known_and_all_that_was_typed() {
    let mut earlier = Secrets::of(["Secret123"]).as_earlier();
    let value = |answer: usize, number: usize| format!("cookie-{answer:04}-{number:04}");
    for answer in 0..100 {
        let values: Vec<String> = (0..24).map(|number| value(answer, number)).collect();
        let typed = format!("typed-{answer:04}");
        let secrets = Secrets::of([typed.as_str()]).behind(&earlier);
        earlier = secrets.and_cookies(values.iter().map(String::as_str)).as_earlier();
    }
    assert_eq!(earlier.cookies.len(), MOST_OF_COOKIES);
    let later = Secrets::default().behind(&earlier);
    assert_eq!(cut(&later, "Secret123 typed-0000 typed-0099"), "… … …");
    assert_eq!(cut(&later, &value(99, 0)), "…");
    assert_eq!(cut(&later, &value(0, 0)), value(0, 0));
    // What is typed is no cookie, even if a cookie had it first.
    let both = Secrets::default().and_cookies(["12345678"]).and(["12345678"]).as_earlier();
    assert!(!both.typed.is_empty());
}

#[test]
fn the_texts_of_a_hostile_answer_are_searched_in_few_steps() {
    let cookies: Vec<String> = (0..24).map(|more| "a".repeat(300 + more)).collect();
    let mut earlier = Earlier::default();
    let mut of_step = Vec::new();
    for step in 0..4 {
        let typed = "a".repeat(40 + step);
        let secrets = Secrets::of([typed.as_str()]).behind(&earlier);
        let secrets = secrets.and_cookies(cookies.iter().map(|value| &value[step..]));
        let text = format!("{}%252525", "a".repeat(1_990));
        let (shown, steps) = work::of(|| cut(&secrets, &text));
        assert!(!shown.contains("aaaa"), "{shown}");
        of_step.push(steps);
        earlier = secrets.as_earlier();
    }
    // Four layers, each read once for each of five starts, and looked at closer as often as that is allowed.
    let most = 4 * (2_000 * (1 + 5 + 4) + MOST_CHARS) + 60_000;
    assert!(of_step.iter().all(|steps| *steps <= most), "{of_step:?}");
}
