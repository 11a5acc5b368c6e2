//! The console shows what the card shows, takes votes from forms of its own alone, and decides nothing by being read.

use std::collections::BTreeSet;
use tests::fakes::slack::shown;
use tests::world::console::{field, links, words};
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
        let list = words(&visitor.reads("/").await.text);
        assert!(list.contains(&card.number()) && list.contains("Approval needed"), "{list}");
    });
}

#[test]
fn a_vote_by_form_counts_like_one_on_the_card() {
    in_sandbox(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let number = card.number();
        let too_short = w.visitor("approver-1").await.votes(&number, "approve", "ok").await;
        assert!(too_short.contains("Say in at least 10 characters"), "{too_short}");
        let own = w.visitor("requester-1").await.votes(&number, "approve", "it is my own and fine").await;
        assert!(own.contains("you asked for it"), "{own}");
        let heard = w.visitor("approver-1").await.votes(&number, "approve", "canary is clean").await;
        assert!(heard.contains("(1 of 2)"), "{heard}");
        card.says("Approvals: 1 of 2").says("canary is clean").tells(&["✓ Approver One approved. “canary is clean”"]);
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        deployment.was_told_approved();
    });
}

#[test]
fn forms_from_elsewhere_are_refused() {
    in_sandbox(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let (page, vote) = (format!("/changes/{}", card.number()), format!("/changes/{}/vote", card.number()));
        let (visitor, other) = (w.visitor("approver-1").await, w.visitor("approver-2").await);
        let csrf = field(&visitor.reads(&page).await.text, "csrf").unwrap();
        let foreign = field(&other.reads(&page).await.text, "csrf").unwrap();
        let forged = [
            (visitor.cookie(), w.origin(), ""),
            (visitor.cookie(), w.origin(), foreign.as_str()),
            (visitor.cookie(), "https://evil.example".to_owned(), &csrf),
            (visitor.cookie(), "null".to_owned(), &csrf),
            ("", w.origin(), &csrf),
            ("countersign_session=YXBwcm92ZXItMQ.AAAA", w.origin(), &csrf),
        ];
        for (cookie, origin, csrf) in forged {
            let form = [("csrf", csrf), ("round", "1"), ("choice", "approve"), ("rationale", "canary is clean")];
            let answer = w.sends_form(&vote, cookie, &origin, &form).await;
            assert_eq!(answer.status, 403, "{cookie} {origin} {csrf}: {answer:?}");
        }
        for path in ["/sign-in", "/"] {
            let lied_to = w.gets_as_host(path, "evil.example").await;
            assert!([303, 403].contains(&lied_to.status) && !lied_to.text.contains("csrf"), "{path}: {lied_to:?}");
        }
        assert_eq!(w.change().await.change.votes.len(), 0);
    });
}

#[test]
fn reading_every_page_decides_nothing() {
    in_sandbox(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let number = w.slack().channel("deploys").sees("Approval needed").number();
        let visitor = w.visitor("approver-1").await;
        let before = w.change().await.change.last_seq;
        let vote = format!("/changes/{number}/vote");
        let mut open = vec!["/".to_owned(), vote.clone(), format!("{vote}?choice=approve&rationale=canary+is+clean&round=1")];
        let mut seen = BTreeSet::new();
        while let Some(path) = open.pop() {
            if seen.insert(path.clone()) {
                let answer = visitor.reads(&path).await;
                assert!(answer.status < 500, "{path}: {answer:?}");
                open.extend(links(&answer.text));
            }
        }
        assert!(seen.len() >= 6, "{seen:?}");
        assert_eq!(visitor.reads(&vote).await.status, 405);
        w.settle().await;
        assert_eq!(w.change().await.change.last_seq, before);
    });
}

#[test]
fn outside_the_sandbox_a_token_lets_look_and_nobody_votes_here() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let path = format!("/changes/{}", card.number());
        let nobody = w.gets(&path).await;
        assert_eq!((nobody.status, nobody.header("location")), (303, format!("/sign-in?then={path}").as_str()), "{nobody:?}");
        let (reader, writer) = (w.token("lead-1", &["changes:read"]).await, w.token("lead-1", &["changes:write"]).await);
        let refused = w.sends_form("/sign-in", "", &w.origin(), &[("token", writer.token()), ("then", &path)]).await;
        assert!(refused.header("set-cookie").is_empty(), "{refused:?}");
        let entered = w.sends_form("/sign-in", "", &w.origin(), &[("token", reader.token()), ("then", &path)]).await;
        let cookie = entered.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        assert!(entered.header("set-cookie").contains("HttpOnly") && entered.header("set-cookie").contains("Secure"), "{entered:?}");
        let page = w.reads_with(&path, &cookie).await;
        assert!(page.status == 200 && words(&page.text).contains(&card.title()), "{page:?}");
        let form = [("csrf", ""), ("round", "1"), ("choice", "approve"), ("rationale", "canary is clean")];
        assert_eq!(w.sends_form(&format!("{path}/vote"), &cookie, &w.origin(), &form).await.status, 501);
    });
}
