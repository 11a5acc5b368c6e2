//! What comes to the doors and is not what it says, not for us, or not understood.

use serde_json::json;
use tests::world::hooks::{github_signature, gitlab_signature};
use tests::world::{GITHUB, GITLAB, World};

const TOKEN: (&str, &str) = ("x-gitlab-token", tests::world::gitlab::SECRET);
const DEPLOYMENT: (&str, &str) = ("x-gitlab-event", "Deployment Hook");
/// Every hook of GitLab that this build does not act on, with the least that its body holds.
const OTHERS: [(&str, &str); 16] = [
    ("Push Hook", "push"),
    ("Tag Push Hook", "tag_push"),
    ("Issue Hook", "issue"),
    ("Confidential Issue Hook", "issue"),
    ("Note Hook", "note"),
    ("Confidential Note Hook", "note"),
    ("Merge Request Hook", "merge_request"),
    ("Wiki Page Hook", "wiki_page"),
    ("Pipeline Hook", "pipeline"),
    ("Job Hook", "build"),
    ("Release Hook", "release"),
    ("Feature Flag Hook", "feature_flag"),
    ("Emoji Hook", "emoji"),
    ("Member Hook", "member"),
    ("Resource Access Token Hook", "access_token"),
    ("A Hook Of Next Year", "a_kind_of_next_year"),
];

#[test]
fn a_wrong_or_missing_token_is_refused_and_nothing_is_stored() {
    World::run(async |w| {
        let body = include_str!("../../router/testdata/gitlab/deployment-blocked.json");
        for headers in [vec![DEPLOYMENT], vec![DEPLOYMENT, ("x-gitlab-token", "guessed")], vec![DEPLOYMENT, ("x-gitlab-token", "")]] {
            let answer = w.posts(GITLAB, &headers, body).await;
            assert_eq!((answer.status, answer.problem()), (401, "bad-signature"), "{answer:?}");
            assert!(!answer.text.contains(tests::world::gitlab::SECRET));
        }
        w.settle().await;
        assert!(w.changes().await.is_empty());
        let good = w.posts(GITLAB, &[DEPLOYMENT, TOKEN], body).await;
        assert_eq!(good.status, 202, "the refused ones left no key behind: {good:?}");
        w.settle().await;
        // The sample's project is none of the catalogue's, and nobody is linked to its accounts.
        w.change().await;
    });
}

#[test]
fn what_is_not_for_us_is_told_so() {
    World::run(async |w| {
        let unknown = w.posts("nobody", &[TOKEN], "{}").await;
        assert_eq!((unknown.status, unknown.problem()), (404, "unknown-integration"), "{unknown:?}");
        let huge = "x".repeat(5 * 1024 * 1024 + 1);
        let too_large = w.posts(GITLAB, &[DEPLOYMENT, TOKEN], &huge).await;
        assert_eq!((too_large.status, too_large.problem()), (413, "too-large"), "{too_large:?}");
        for body in ["", "not JSON", "{\"status\": ", "[1, 2"] {
            let malformed = w.posts(GITLAB, &[DEPLOYMENT, TOKEN], body).await;
            assert_eq!((malformed.status, malformed.problem()), (400, "malformed"), "{body}: {malformed:?}");
        }
        let half = json!({ "status": "blocked", "deployment_id": 5, "project": { "id": "seven" } }).to_string();
        let pointed = w.posts(GITLAB, &[DEPLOYMENT, TOKEN], &half).await;
        assert_eq!((pointed.status, &pointed.body["errors"][0]["pointer"]), (400, &"/project/id".into()), "{pointed:?}");
        let nowhere = w.gets("/nowhere").await;
        assert_eq!((nowhere.status, nowhere.problem()), (404, "not-found"), "{nowhere:?}");
        let method = w.gets("/hooks/gitlab-main").await;
        assert_eq!((method.status, method.problem()), (405, "method-not-allowed"), "{method:?}");
    });
}

#[test]
fn kinds_that_are_not_handled_are_taken_and_ignored() {
    World::run(async |w| {
        for (hook, kind) in OTHERS {
            let body = json!({ "object_kind": kind, "project": { "id": 1, "path_with_namespace": "payments/checkout-api" } }).to_string();
            let answer = w.posts(GITLAB, &[("x-gitlab-event", hook), TOKEN], &body).await;
            assert_eq!((answer.status, &answer.body["status"]), (202, &"ignored".into()), "{hook}: {answer:?}");
        }
        let status = json!({ "object_kind": "deployment", "status": "a_status_of_next_year" }).to_string();
        let answer = w.posts(GITLAB, &[DEPLOYMENT, TOKEN], &status).await;
        assert_eq!((answer.status, &answer.body["status"]), (202, &"ignored".into()), "{answer:?}");
        w.settle().await;
        assert!(w.changes().await.is_empty());
    });
}

#[test]
fn github_is_verified_by_its_signature_and_kept() {
    World::run(async |w| {
        let body = include_str!("../../router/testdata/github/ping.json");
        let event = ("x-github-event", "ping");
        let delivery = ("x-github-delivery", "72d3162e-0000-11f0-8000-000000000001");
        let signature = github_signature(body);
        let good = w.posts(GITHUB, &[event, delivery, ("x-hub-signature-256", &signature)], body).await;
        assert_eq!((good.status, &good.body["status"]), (202, &"ignored".into()), "{good:?}");
        let again = w.posts(GITHUB, &[event, delivery, ("x-hub-signature-256", &signature)], body).await;
        assert_eq!((again.status, &again.body["delivery"]), (200, &good.body["delivery"]), "{again:?}");
        let altered = format!("{body} ");
        let forged = [
            vec![event, delivery],
            vec![event, delivery, ("x-hub-signature-256", "sha256=00")],
            vec![event, delivery, ("x-hub-signature", "sha1=00")],
        ];
        for headers in forged {
            let bad = w.posts(GITHUB, &headers, body).await;
            assert_eq!((bad.status, bad.problem()), (401, "bad-signature"), "{bad:?}");
        }
        let bad = w.posts(GITHUB, &[event, delivery, ("x-hub-signature-256", &signature)], &altered).await;
        assert_eq!(bad.status, 401, "{bad:?}");
    });
}

#[test]
fn gitlab_may_sign_instead_of_sending_its_secret() {
    World::run(async |w| {
        let body = include_str!("../../router/testdata/gitlab/deployment-blocked.json");
        let now_s = w.now().micros() / 1_000_000;
        let post = async |sent_s: i64, signature: &str| {
            let sent = sent_s.to_string();
            let signed = [("webhook-id", "delivery-1"), ("webhook-timestamp", sent.as_str()), ("webhook-signature", signature)];
            w.posts(GITLAB, &[&[DEPLOYMENT], &signed[..]].concat(), body).await
        };
        for (sent_s, signature) in [
            (now_s, gitlab_signature("delivery-2", now_s, body)),
            (now_s, "v1,AAAA".to_owned()),
            (now_s - 301, gitlab_signature("delivery-1", now_s - 301, body)),
            (now_s + 301, gitlab_signature("delivery-1", now_s + 301, body)),
        ] {
            let bad = post(sent_s, &signature).await;
            assert_eq!((bad.status, bad.problem()), (401, "bad-signature"), "{signature} {bad:?}");
        }
        let good = post(now_s, &gitlab_signature("delivery-1", now_s, body)).await;
        assert_eq!((good.status, &good.body["status"]), (202, &"accepted".into()), "{good:?}");
        let again = post(now_s + 60, &gitlab_signature("delivery-1", now_s + 60, body)).await;
        assert_eq!((again.status, &again.body["delivery"]), (200, &good.body["delivery"]), "{again:?}");
        w.settle().await;
        w.change().await;
    });
}

#[test]
fn clicks_that_slack_did_not_sign_are_refused() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        for forgery in card.press("Approve…", "approver-1").forgeries().await {
            assert_eq!((forgery.status, forgery.problem()), (401, "bad-signature"), "{forgery:?}");
        }
        w.settle().await;
        card.shows("Approval needed").says("Approvals: 0 of 2");
        assert!(w.change().await.refusals().is_empty());
    });
}
