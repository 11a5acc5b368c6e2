//! What the documents of the pipelines tell people to paste is what the program takes.

use super::sources::read;
use axum::http::HeaderMap;
use router::sources::{Integration, Signal, Sources, Wish};
use serde_json::Value;

/// Environment variables of the documents' settings, and a value of the right form.
const VARIABLES: [(&str, &str); 8] = [
    ("JENKINS_STEP_SECRET", "x"),
    ("JENKINS_TOKEN", "svc-gate:token"),
    ("ARGOCD_NOTIFICATION_SECRET", "x"),
    ("ARGOCD_TOKEN", "x"),
    ("PIPELINE_SECRET", "x"),
    ("RELEASE_TOOL_SECRET", "x"),
    ("RELEASE_TOOL_CALLBACK_SECRET", "whsec_MDEyMzQ1Njc4OWFiY2RlZg=="),
    ("VERSION", "2.31.0"),
];
/// What shells and templates put into the JSON.
const SHELL: [(&str, &str); 9] = [
    ("$GIT_COMMIT", "0123abcd0123abcd0123abcd0123abcd0123abcd"),
    ("$JOB_NAME", "payments/checkout-api"),
    ("$BUILD_NUMBER", "42"),
    ("$BUILD_URL", "https://ci.example.com/job/payments/job/checkout-api/42/"),
    ("$REQUESTED_BY", "requester-1@example.com"),
    ("$AUTHORS", "author-1@example.com author-2@example.com"),
    ("$VERSION", "2.31.0"),
    ("$RUN_URL", "https://ci.example.com/42"),
    ("$RUN_ID", "42"),
];
const TEMPLATES: [(&str, &str); 15] = [
    ("{{toJson .app.metadata.name}}", r#""checkout-api""#),
    ("{{toJson .app.metadata.uid}}", r#""uid-1""#),
    ("{{toJson .app.spec.project}}", r#""payments""#),
    ("{{toJson .app.spec.destination.namespace}}", r#""production""#),
    ("{{toJson .app.status.sync.revision}}", r#""0123abcd0123abcd0123abcd0123abcd0123abcd""#),
    ("{{toJson .app.status.sync.revisions}}", "null"),
    ("{{toJson (call .repo.GetCommitMetadata .app.status.sync.revision).Author}}", r#""Author One <author-1@example.com>""#),
    ("{{.context.argocdUrl}}", "https://argocd.example.com"),
    ("{{.app.metadata.name}}", "checkout-api"),
    ("{{toJson .app.status.operationState.phase}}", r#""Succeeded""#),
    ("{{toJson .app.status.operationState.startedAt}}", r#""2026-01-01T10:00:00Z""#),
    (
        "{{with .app.status.operationState.syncResult}}{{toJson .revision}}{{else}}null{{end}}",
        r#""0123abcd0123abcd0123abcd0123abcd0123abcd""#,
    ),
    ("{{with .app.status.operationState.syncResult}}{{toJson .revisions}}{{else}}null{{end}}", "null"),
    ("{{with .app.status.operationState.operation.sync}}{{toJson .revisions}}{{else}}null{{end}}", "null"),
    ("{{with .app.status.operationState.operation.sync}}{{toJson .revision}}{{else}}null{{end}}", r#""main""#),
];

/// The blocks of a document in this language.
fn blocks(document: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let rests = document.split(fence.as_str()).skip(1);
    rests.map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

fn filled(text: &str, table: &[(&str, &str)]) -> String {
    table.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
}

/// All integrations of a document, connected.
fn sources(document: &str) -> Sources {
    #[derive(serde::Deserialize)]
    struct File {
        integration: Vec<Integration>,
    }
    let variables = VARIABLES.map(|(name, value)| (format!("{{ env = \"{name}\" }}"), format!("\"{value}\"")));
    let text = blocks(document, "toml").iter().fold(String::new(), |all, block| format!("{all}\n{block}"));
    let text = variables.iter().fold(text, |text, (name, value)| text.replace(name, value));
    let file: File = toml::from_str(&text).unwrap_or_else(|error| panic!("{text}\n{error}"));
    Sources::build(&file.integration).unwrap()
}

/// The only signal of this body; every placeholder has to be known.
fn said(sources: &Sources, integration: &str, body: &str) -> Signal {
    assert!(!body.contains(['$']) && !body.contains("{{"), "a placeholder that this test does not know: {body}");
    let json: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{body}\n{error}"));
    let source = &sources.named(integration).unwrap().source;
    let mut signals =
        source.parse(&HeaderMap::new(), json.to_string().as_bytes()).unwrap_or_else(|fault| panic!("{body}\n{fault:?}")).signals;
    assert_eq!(signals.len(), 1, "{body}");
    signals.remove(0)
}

fn wish(signal: Signal) -> Wish {
    match signal {
        Signal::Opens(wish) => *wish,
        other => panic!("{other:?}"),
    }
}

/// What a script writes to a file or a call: everything between `<<EOF` and `EOF`.
fn here_document(script: &str) -> String {
    let (_, rest) = script.split_once("<<EOF\n").unwrap();
    filled(rest.split_once("\nEOF").unwrap().0, &SHELL)
}

#[test]
fn the_jenkinsfile_asks_for_its_input() {
    let document = read("docs/integrations/jenkins.md");
    let pipelines = blocks(&document, "groovy");
    let [pipeline] = pipelines.as_slice() else { panic!("one Jenkinsfile") };
    let wish = wish(said(&sources(&document), "jenkins-main", &here_document(pipeline)));
    let callback = wish.origin.callback.expect("an input to answer");
    assert!(pipeline.contains(&format!("input {{ id '{}'", callback.params["input_id"])), "the step and the input name one id");
    assert_eq!((wish.service.path.as_str(), wish.authors.unwrap().len()), ("payments/checkout-api", 2));
}

#[test]
fn the_notification_templates_are_read() {
    let document = read("docs/integrations/argocd.md");
    let config = blocks(&document, "yaml").remove(0);
    let bodies: Vec<String> = config
        .split("body: |\n")
        .skip(1)
        .map(|rest| {
            let lines: Vec<&str> = rest.lines().take_while(|line| line.starts_with("          ")).collect();
            filled(&lines.join("\n"), &TEMPLATES)
        })
        .collect();
    let [out_of_sync, operation] = bodies.as_slice() else { panic!("two templates") };
    let sources = sources(&document);
    let wish = wish(said(&sources, "argocd-main", out_of_sync));
    assert_eq!(wish.key.as_str(), "argocd-main:checkout-api:production:0123abcd0123abcd0123abcd0123abcd0123abcd");
    assert!(
        matches!(said(&sources, "argocd-main", operation), Signal::Finished { key, .. } if key == wish.key),
        "both speak of one change"
    );
    assert_eq!(config.matches("path: /hooks/argocd-main").count(), 2);
}

#[test]
fn generic_bodies_are_read_in_our_names_and_in_theirs() {
    let document = read("docs/integrations/generic.md");
    let sources = sources(&document);
    let plain = wish(said(&sources, "pipeline", &here_document(&blocks(&document, "sh")[0])));
    assert_eq!((plain.service.path.as_str(), plain.version.as_deref()), ("checkout-api", Some("2.31.0")));
    let foreign = wish(said(&sources, "release-tool", &blocks(&document, "json")[0]));
    assert_eq!((foreign.environment.as_str(), foreign.authors.map(|authors| authors.len())), ("production", Some(1)));
    let callback: Value = serde_json::from_str(&blocks(&document, "json")[1]).unwrap();
    assert_eq!(callback["type"], "approval.closed");
}
