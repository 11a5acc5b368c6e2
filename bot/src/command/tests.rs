//! What each text means, what is no command, and that nothing strange ever is a deed.

use super::*;
use templates::rich_text;

fn number(number: u64) -> Reference {
    Reference::Number(ChangeNumber(number))
}

fn scope(environment: Option<&str>, service: Option<&str>) -> Scope {
    Scope { environment: environment.map(ToOwned::to_owned), service: service.map(ToOwned::to_owned) }
}

fn said(text: &str) -> String {
    rich_text(&parse(text).unwrap_err().words("/gate"))
}

#[test]
fn each_verb_is_understood() {
    let because = || "canary is clean".to_owned();
    let pause = |end| Wish::Pause { scope: scope(Some("production"), Some("payments")), end, because: "INC-88".to_owned() };
    let table = [
        ("", Wish::Inbox),
        (" \n ", Wish::Inbox),
        ("help", Wish::Help(Topic::Short)),
        ("help all", Wish::Help(Topic::All)),
        ("help pause", Wish::Help(Topic::Verb(&PAUSE))),
        ("list", Wish::List { environment: None, whose: Whose::All }),
        ("list mine for production", Wish::List { environment: Some("production".to_owned()), whose: Whose::Mine }),
        ("list for production mine", Wish::List { environment: Some("production".to_owned()), whose: Whose::Mine }),
        ("show CHG-1042", Wish::Show { change: number(1042) }),
        ("approve CHG-1042", Wish::Approve { change: number(1042), because: None }),
        ("Approve chg-1042 Because canary is clean", Wish::Approve { change: number(1042), because: Some(because()) }),
        ("approve CHG-1042 because", Wish::Approve { change: number(1042), because: None }),
        ("reject CHG-7 because canary is clean", Wish::Reject { change: number(7), because: because() }),
        ("abstain CHG-7 because canary is clean", Wish::Abstain { change: number(7), because: because() }),
        ("withdraw CHG-7 because canary is clean", Wish::Withdraw { change: number(7), because: because() }),
        ("override CHG-7 because canary is clean", Wish::Override { change: number(7), because: because() }),
        ("pause production/payments because INC-88", pause(None)),
        ("pause production/payments for 2h because INC-88", pause(Some(End::After(7_200)))),
        ("pause production/payments until 18:00 because INC-88", pause(Some(End::At("18:00".parse().unwrap())))),
        ("pause production/payments until 2026-11-24T18:00 because INC-88", pause(Some(End::At("2026-11-24T18:00".parse().unwrap())))),
        ("resume all because canary is clean", Wish::Resume { scope: Scope::default(), because: because() }),
        ("status", Wish::Status { scope: None }),
        ("status production", Wish::Status { scope: Some(scope(Some("production"), None)) }),
    ];
    for (text, wish) in table {
        assert_eq!(parse(text), Ok(wish), "{text:?}");
    }
}

#[test]
fn a_reason_is_kept_as_it_was_typed() {
    let text = "reject CHG-1 because  it says “because <x>”,\n  \"twice\" because";
    let Ok(Wish::Reject { because, .. }) = parse(text) else { panic!("not understood") };
    assert_eq!(because, "it says “because <x>”,\n  \"twice\" because");
}

#[test]
fn a_change_is_named_by_number_or_link() {
    let link = |link: &str| Ok(Wish::Show { change: Reference::Link(link.to_owned()) });
    let web = "https://gate.example.com/changes/CHG-1042";
    assert_eq!(parse(&format!("show {web}")), link(web));
    assert_eq!(parse(&format!("show <{web}|CHG-1042>")), link(web));
    assert_eq!(parse(&format!("show <{web}>")), link(web));
    for word in ["1042", "CHG-", "CHG-x", "CHG-+5", "CHG--5", "CHG-1042.r1", "CHG-99999999999999999999", "ftp://x/CHG-1", "<>", "CHG-1042,"]
    {
        assert_eq!(parse(&format!("show {word}")), Err(Unclear::NotAChange { word: word.to_owned() }));
    }
}

#[test]
fn lengths_times_and_scopes_are_exact() {
    let seconds = |text: &str| words::period(text).map(|end| matches!(end, End::After(_)).then_some(end));
    for (text, expected) in [("30m", 1_800), ("2h", 7_200), ("1d", 86_400), ("99999d", 99_999 * 86_400)] {
        assert_eq!(seconds(text), Ok(Some(End::After(expected))), "{text}");
    }
    for text in ["", "h", "0h", "2", "2w", "2H", "-2h", "+2h", "2.5h", "100000d", "1h30m", "２h"] {
        assert_eq!(words::period(text), Err(Unclear::NotAPeriod { word: text.to_owned() }), "{text}");
    }
    for text in ["25:00", "6pm", "tomorrow"] {
        assert_eq!(words::time(text), Err(Unclear::NotATime { word: text.to_owned() }), "{text}");
    }
    assert_eq!(words::scope("review/group/service"), Ok(scope(Some("review"), Some("group/service"))));
    assert_eq!(words::scope("ALL"), Ok(Scope::default()));
    for text in ["/", "/x", "x/", "all/x", &"x".repeat(201)] {
        assert_eq!(words::scope(text), Err(Unclear::NotAScope { word: text.to_owned() }), "{text}");
    }
}

#[test]
fn what_is_not_understood_is_said_with_a_way_on() {
    let table = [
        ("aprove CHG-1", "I don’t know ‘aprove’. Did you mean approve? Try /gate help."),
        ("paus all because x", "I don’t know ‘paus’. Did you mean pause? Try /gate help."),
        ("pausé all because x", "I don’t know ‘pausé’. Did you mean pause? Try /gate help."),
        ("xyzzy", "I don’t know ‘xyzzy’. Try /gate help."),
        ("because I say so", "I don’t know ‘because’. Try /gate help."),
        ("help aprove", "I don’t know ‘aprove’. Did you mean approve? Try /gate help."),
        ("show", "The change is missing. Write /gate show CHG-1042. Nothing was done."),
        ("show CHG-1 CHG-2", "“CHG-2” does not belong there. Write /gate show CHG-1042. Nothing was done."),
        ("show CHG-1 because x", "“because” does not belong there. Write /gate show CHG-1042. Nothing was done."),
        ("approve 1042", "“1042” is no change. Write its number, such as CHG-1042, or paste the link to its card."),
        (
            "pause production payments because x",
            "“payments” does not belong there. Write /gate pause SCOPE [for 2h|until 18:00] because TEXT. Nothing was done.",
        ),
        ("pause production for ever because x", "“ever” is no length of time. Write 30m, 2h or 1d."),
        ("pause production until noon because x", "“noon” is no time. Write 18:00 or 2026-11-24T18:00."),
        (
            "pause because x",
            "What is to be paused is missing. Write /gate pause SCOPE [for 2h|until 18:00] because TEXT. Nothing was done.",
        ),
        ("pause / because x", "“/” is nothing that can be paused. Write all, an environment, or environment/service."),
        ("list mine all", "“all” does not belong there. Write /gate list [for ENVIRONMENT] [mine|all]. Nothing was done."),
    ];
    for (text, expected) in table {
        assert_eq!(said(text), expected, "{text}");
    }
}

#[test]
fn without_a_reason_the_command_comes_back_to_be_completed() {
    let start = "Say why; everybody can read it. Nothing was done yet: /gate";
    assert_eq!(said("pause production for 2h"), format!("{start} pause production for 2h because …"));
    assert_eq!(said("pause production for 2h because  "), format!("{start} pause production for 2h because …"));
    assert_eq!(said("reject CHG-1042"), format!("{start} reject CHG-1042 because …"));
    assert_eq!(said("resume all"), format!("{start} resume all because …"));
}

#[test]
fn verbs_of_later_builds_are_known_and_not_carried_out() {
    for verb in VERBS.iter().filter(|verb| verb.built == Built::NotInThisBuild) {
        assert_eq!(parse(&format!("{} whatever CHG-1 because x", verb.word)), Ok(Wish::NotBuilt(verb)));
    }
}

#[test]
fn strange_texts_do_nothing() {
    let long = "pause ".repeat(1_000);
    let hostile = [
        "pause\u{200b} all because x",
        "\u{202e}esuap all because x",
        "ｐause all because x",
        "pause; all because x",
        "--pause all because x",
        "/gate pause all because x",
        "<@U000000012> pause all because x",
        "p",
        "pa use all because x",
        "\0pause all because x",
        long.as_str(),
    ];
    for text in hostile {
        assert!(parse(text).is_err(), "{text:?}");
    }
}

impl Wish {
    /// The verb that it comes from; `None` for the inbox.
    fn verb(&self) -> Option<&'static str> {
        Some(match self {
            Self::Inbox => return None,
            Self::Help(_) => HELP.word,
            Self::List { .. } => LIST.word,
            Self::Show { .. } => SHOW.word,
            Self::Approve { .. } => APPROVE.word,
            Self::Reject { .. } => REJECT.word,
            Self::Abstain { .. } => ABSTAIN.word,
            Self::Withdraw { .. } => WITHDRAW.word,
            Self::Override { .. } => super::verbs::OVERRIDE.word,
            Self::Pause { .. } => PAUSE.word,
            Self::Resume { .. } => RESUME.word,
            Self::Status { .. } => STATUS.word,
            Self::WhoAmI => "whoami",
            Self::NotBuilt(verb) => verb.word,
        })
    }
}

proptest::proptest! {
    #[test]
    fn only_a_whole_verb_is_one(text in "\\PC{0,120}") {
        let first = text.split_whitespace().next().map(str::to_ascii_lowercase);
        if let Ok(wish) = parse(&text) {
            proptest::prop_assert_eq!(wish.verb().map(ToOwned::to_owned), first);
        }
    }

    #[test]
    fn a_verb_with_one_letter_too_many_or_too_few_is_none(
        verb in proptest::sample::select(VERBS.iter().map(|verb| verb.word).collect::<Vec<_>>()),
        letter in "[a-z]",
        at in 0usize..9,
        rest in "[ a-zA-Z0-9:/<>-]{0,60}",
    ) {
        let at = at.min(verb.len());
        let (start, end) = verb.split_at(at);
        let shorter: String = start.chars().chain(end.chars().skip(1)).collect();
        for word in [format!("{start}{letter}{end}"), shorter] {
            if verbs::find(&word).is_none() && !word.is_empty() {
                let unclear = Err(Unclear::UnknownVerb { word: word.clone() });
                proptest::prop_assert_eq!(parse(&format!("{word} {rest}")), unclear);
            }
        }
    }

    #[test]
    fn arguments_never_make_it_panic(
        verb in proptest::sample::select(VERBS.iter().map(|verb| verb.word).collect::<Vec<_>>()),
        rest in "\\PC{0,80}",
    ) {
        let words = parse(&format!("{verb} {rest}"));
        if let Err(unclear) = words {
            proptest::prop_assert!(!unclear.words("/gate").is_empty());
        }
    }
}
