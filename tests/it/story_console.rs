//! The console shows what the card shows, takes every deed by forms of its own alone, and decides nothing by being read.

use router::http::document::operations;
use serde_json::json;
use std::collections::BTreeSet;
use tests::fakes::slack::shown;
use tests::world::console::{deeds, field, links, words};
use tests::world::{Plan, World};

fn in_sandbox(story: impl AsyncFn(&World)) {
    Plan::default().in_sandbox().run(story);
}

#[test]
fn the_page_says_what_the_card_says() {
    in_sandbox(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let visitor = w.visitor("approver-1").await;
        card.press("Approve…", "approver-2").because("canary is clean & fast").await;
        let page = words(&visitor.reads(&format!("/changes/{}", card.number())).await.text);
        let is_plain = |line: &&str| !line.contains(['*', '<', '`', '&']);
        // The page has forms of its own, not the card's controls.
        let blocks = card.message().blocks.as_array().cloned().unwrap_or_default();
        let card_text = shown(&blocks.into_iter().filter(|block| block["type"] != "actions").collect());
        let plain: Vec<&str> = card_text.lines().filter(is_plain).collect();
        assert!(plain.len() >= 4, "{plain:#?}");
        for line in plain {
            assert!(page.contains(line), "the page does not say “{line}” but\n{page}");
        }
        assert!(page.contains("canary is clean & fast"), "{page}");
        assert!(page.contains("1 person from payments-devs, other than"), "it says whom the rules ask: {page}");
        assert!(page.contains("everybody who can still approve is reminded"), "it says what comes next: {page}");
    });
}

#[test]
fn a_vote_by_form_counts_like_one_on_the_card() {
    in_sandbox(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let number = card.number();
        let approver = w.visitor("approver-1").await;
        let too_short = approver.sends(&number, &[("deed", "approve"), ("rationale", "ok <b>")]).await;
        assert_eq!(too_short.status, 422);
        assert!(too_short.text.contains("ok &lt;b&gt;</textarea>"), "what was written is kept: {}", too_short.text);
        assert!(approver.hears(too_short).await.contains("Say in at least 10 characters"));
        let own = w.visitor("requester-1").await.votes(&number, "approve", "it is my own and fine").await;
        assert!(own.contains("you asked for it"), "{own}");
        let form = approver.form(&number).await;
        let filled = [("deed", "approve"), ("rationale", "canary is clean")];
        let first = approver.sends_again(&number, &form, &filled).await;
        let again = approver.sends_again(&number, &form, &filled).await;
        w.settle().await;
        assert_eq!((first.status, again.status), (303, 303), "a form that is sent twice is one vote");
        assert!(approver.hears(again).await.contains("Recorded already: you approved"));
        let heard = approver.hears(first).await;
        assert!(heard.contains("(1 of 2)"), "{heard}");
        card.says("Approvals: 1 of 2").says("canary is clean").tells(&["✓ Approver One approved. “canary is clean”"]);
        assert_eq!(w.change().await.change.votes[0].voted.via, "console");
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        deployment.was_told_approved();
        card.has_no_buttons();
    });
}

#[test]
fn every_choice_can_be_made_and_taken_back() {
    in_sandbox(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let number = w.slack().channel("deploys").sees("Approval needed").number();
        let approver = w.visitor("approver-1").await;
        let offered = deeds(&approver.reads(&format!("/changes/{number}")).await.text);
        assert_eq!(offered, ["approve", "reject", "request_changes", "abstain"]);
        let abstained = approver.votes(&number, "abstain", "approver-2 knows it better").await;
        assert!(abstained.contains("you abstained"), "{abstained}");
        let offered = deeds(&approver.reads(&format!("/changes/{number}")).await.text);
        assert!(offered.contains(&"withdraw_vote".to_owned()) && !offered.contains(&"abstain".to_owned()), "{offered:?}");
        let back = approver.does(&number, &[("deed", "withdraw_vote")]).await;
        assert!(back.contains("back"), "{back}");
        assert_eq!(w.change().await.change.standing_votes().count(), 0);
        let sent_back = approver.votes(&number, "request_changes", "say how it is rolled back").await;
        assert!(sent_back.contains("asked for changes"), "{sent_back}");
        let requester = w.visitor("requester-1").await;
        let page = requester.reads(&format!("/changes/{number}")).await;
        assert!(deeds(&page.text).contains(&"ask_again".to_owned()), "{page:?}");
        let list = words(&requester.reads("/").await.text);
        assert!(list.contains("1 change waits for you"), "a draft waits for its requester: {list}");
        let again = requester.does(&number, &[("deed", "ask_again"), ("note", "the rollback is in the ticket now")]).await;
        assert!(again.contains("round 2"), "{again}");
        let rejected = approver.votes(&number, "reject", "the migration locks a table").await;
        assert!(rejected.contains("you rejected"), "{rejected}");
        deployment.was_told_rejected();
    });
}

#[test]
fn a_requester_withdraws_and_nobody_else_is_offered_it() {
    in_sandbox(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let (requester, outsider) = (w.visitor("requester-1").await, w.visitor("owner-1").await);
        let path = format!("/changes/{}", card.number());
        let page = outsider.reads(&path).await;
        assert!(deeds(&page.text).is_empty() && words(&page.text).contains("You can’t decide this"), "{page:?}");
        assert_eq!(deeds(&requester.reads(&path).await.text), ["withdraw"]);
        let heard = requester.does(&card.number(), &[("deed", "withdraw"), ("rationale", "the wrong branch was built")]).await;
        assert!(heard.contains("withdrew"), "{heard}");
        card.shows("Withdrawn").has_no_buttons();
    });
}

#[test]
fn what_is_not_taken_any_more_comes_back_with_its_words() {
    in_sandbox(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let approver = w.visitor("approver-1").await;
        let form = approver.form(&card.number()).await;
        card.press("Reject…", "approver-2").because("the canary is red").await;
        let late = approver.sends_again(&card.number(), &form, &[("deed", "approve"), ("rationale", "canary was clean for me")]).await;
        assert_eq!(late.status, 409, "{late:?}");
        assert!(late.text.contains("canary was clean for me</textarea>"), "{}", late.text);
        assert!(approver.hears(late).await.contains("was rejected by Approver Two"));
    });
}

#[test]
fn missing_fields_are_filled_in_on_the_page() {
    let plan = Plan::default().in_sandbox().with_policy(
        "classes:",
        "fields:\n  all:\n    summary: { type: text, min_length: 10 }\n    customer_impact: { type: choice, of: [none, outage] }\n    affected_systems: { type: list, min_items: 1 }\n\nclasses:",
    );
    plan.run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Input needed");
        let requester = w.visitor("requester-1").await;
        let number = card.number();
        let half =
            [("deed", "fill_in"), ("field.summary", "short"), ("field.customer_impact", "none"), ("field.affected_systems", "orders")];
        let refused = requester.sends(&number, &half).await;
        assert!(refused.status == 422 && refused.text.contains("short</textarea>"), "{refused:?}");
        let heard = requester.does(&number, &[half[0], ("field.summary", "Faster <card> checks"), half[2], half[3]]).await;
        assert!(heard.contains("filled in"), "{heard}");
        card.shows("Approval needed");
        let page = requester.reads(&format!("/changes/{number}")).await;
        assert!(page.text.contains("Faster &lt;card&gt; checks") && words(&page.text).contains("Affected systems orders"), "{page:?}");
    });
}

#[test]
fn the_inbox_begins_with_what_waits_for_its_reader() {
    in_sandbox(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        w.gitlab().deployment_waits("ledger-api", "production").await;
        let approver = w.visitor("approver-1").await;
        let [one, two] = [0, 1].map(async |index: usize| w.changes().await[index].number.to_string());
        let (first, second) = (one.await, two.await);
        approver.votes(&first, "approve", "canary is clean").await;
        let list = words(&approver.reads("/").await.text);
        let place = |words: &str| list.find(words).unwrap_or_else(|| panic!("no “{words}” in {list}"));
        assert!(list.contains("1 change waits for you"), "{list}");
        assert!(
            place("Waits for you") < place(&second) && place(&second) < place("Others that are open") && place("Others") < place(&first)
        );
        assert!(list.contains("1 of 2 approvals"), "{list}");
        let asked = words(&w.visitor("requester-1").await.reads("/").await.text);
        assert!(asked.contains("Nothing waits for you.") && asked.contains("You asked for these 2"), "{asked}");
        w.visitor("approver-2").await.votes(&second, "reject", "not on a Friday").await;
        for (query, has) in [
            ("?service=ledger-api", [false, true]),
            ("?environment=production", [true, true]),
            ("?environment=staging", [false, false]),
            ("?state=rejected", [false, true]),
            ("?state=pending&service=checkout-api", [true, false]),
        ] {
            let list = approver.reads(&format!("/{query}")).await.text;
            assert_eq!([list.contains(&first), list.contains(&second)], has, "{query}: {list}");
        }
        assert!(words(&approver.reads("/").await.text).contains("Ended lately 1"));
    });
}

#[test]
fn forms_from_elsewhere_are_refused() {
    in_sandbox(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let page = format!("/changes/{}", card.number());
        let (visitor, other) = (w.visitor("approver-1").await, w.visitor("approver-2").await);
        let csrf = field(&visitor.reads(&page).await.text, "csrf").unwrap();
        let foreign = field(&other.reads(&page).await.text, "csrf").unwrap();
        let (ours, evil) = (w.origin(), "https://evil.example".to_owned());
        type Sent<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);
        let forged: [Sent<'_>; 10] = [
            (visitor.cookie(), &[("origin", &ours)], ""),
            (visitor.cookie(), &[("origin", &ours)], foreign.as_str()),
            (visitor.cookie(), &[("origin", &evil)], &csrf),
            (visitor.cookie(), &[("origin", "null")], &csrf),
            (visitor.cookie(), &[], &csrf),
            (visitor.cookie(), &[("sec-fetch-site", "cross-site")], &csrf),
            (visitor.cookie(), &[("origin", &ours), ("sec-fetch-site", "same-site")], &csrf),
            (visitor.cookie(), &[("origin", &ours), ("host", "evil.example")], &csrf),
            ("", &[("origin", &ours)], &csrf),
            ("countersign_session=YXBwcm92ZXItMQ.AAAA", &[("origin", &ours)], &csrf),
        ];
        let form = visitor.form(&card.number()).await;
        for (cookie, headers, csrf) in forged {
            let mut form: Vec<(&str, &str)> = form[1..].iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            form.extend([("csrf", csrf), ("deed", "approve"), ("rationale", "canary is clean")]);
            for path in [page.as_str(), "/pauses", "/sign-out"] {
                let answer = w.sends_form_with(path, cookie, headers, &form).await;
                assert_eq!(answer.status, 403, "{path} {cookie} {headers:?} {csrf}: {answer:?}");
            }
        }
        let foreign_sign_in = w.sends_form("/sign-in", "", &evil, &[("person", "approver-1")]).await;
        assert!(foreign_sign_in.status == 403 && foreign_sign_in.header("set-cookie").is_empty(), "{foreign_sign_in:?}");
        for path in ["/sign-in", "/"] {
            let lied_to = w.gets_as_host(path, "evil.example").await;
            assert!([303, 403].contains(&lied_to.status) && !lied_to.text.contains("csrf"), "{path}: {lied_to:?}");
        }
        assert_eq!(w.change().await.change.votes.len(), 0);
        assert_eq!(visitor.reads(&page).await.status, 200, "nobody was signed out either");
    });
}

#[test]
fn reading_decides_nothing() {
    in_sandbox(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let number = w.slack().channel("deploys").sees("Approval needed").number();
        let (visitor, caller) = (w.visitor("approver-1").await, w.personal_token("approver-1", &["admin"]).await);
        let before = (w.change().await.change.last_seq, w.app().store.system_records("holds").await.unwrap().len());
        let wish = "?deed=approve&rationale=canary+is+clean&round=1&environment=production&minutes=60&reason=stop+it";
        let every = operations().into_iter().filter(|operation| operation.method == "get").map(|operation| operation.path);
        let pages = ["/", "/pauses", "/pauses/resume", "/sign-out", "/assets/console.js"].into_iter();
        let mut open: Vec<String> = every
            .chain(pages)
            .map(|path| path.replace("{id}", &number).replace("{tool}", "flagger").replace("{*rest}", "x"))
            .flat_map(|path| [format!("{path}{wish}"), path])
            .collect();
        let mut seen = BTreeSet::new();
        while let Some(path) = open.pop() {
            if seen.insert(path.clone()) {
                let answer = visitor.reads(&path).await;
                assert!(answer.status < 500 || answer.status == 501, "{path}: {answer:?}");
                if path.starts_with("/v1/") {
                    assert!(caller.gets(&path).await.status != 500, "{path}");
                }
                open.extend(links(&answer.text));
            }
        }
        assert!(seen.len() >= 40, "{seen:?}");
        assert_eq!(visitor.reads("/pauses/resume").await.status, 405);
        w.settle().await;
        assert_eq!((w.change().await.change.last_seq, w.app().store.system_records("holds").await.unwrap().len()), before);
    });
}

#[test]
fn hostile_text_stays_text_on_every_page() {
    in_sandbox(async |w| {
        let hostile = "</textarea><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} canary";
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let number = w.slack().channel("deploys").sees("Approval needed").number();
        let caller = w.token("requester-1", &["changes:write"]).await;
        let asked = caller
            .asks(
                "k-1",
                &json!({ "service": hostile, "environment": "production", "sha": "a1b2c3d4e5f60718", "short_description": hostile }),
            )
            .await;
        assert_eq!(asked.status, 201, "{asked:?}");
        let approver = w.visitor("approver-1").await;
        approver.votes(&number, "approve", hostile).await;
        let query = "/?service=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
        let other = format!("/changes/{}", asked.body["number"].as_str().unwrap());
        for path in [format!("/changes/{number}"), other, "/".to_owned(), query.to_owned(), "/deliveries".to_owned()] {
            let page = approver.reads(&path).await;
            assert_eq!(page.status, 200, "{path}: {page:?}");
            assert!(!page.text.contains("<script>") && !page.text.contains("<img") && !page.text.contains(" 49 "), "{path}: {}", page.text);
            assert!(page.header("content-security-policy").contains("script-src 'self'"), "{path}: {page:?}");
        }
    });
}
