//! The forms of whoever asked for a change: to fill in what is missing, to ask again, and to withdraw.

use crate::card::Verb;
use crate::field::Field;
use crate::form::{FORM_TITLE_MAX, Form, RATIONALE_MAX, RationaleField, length_hint, subject};
use crate::line::Line;
use crate::rich::{PersonRef, Rich};
use crate::view::View;
use crate::words::FOREIGN_MAX;
use engine::decide::NOTE_MIN;
use engine::fields::FieldRule;
use engine::phase::{Phase, Unfinished};

/// What is missing or does not fit, in the order of the policy.
pub fn fill_in(view: &View<'_>) -> Form {
    let intro = subject(view).text("Nobody is asked before this is filled in. What you write is approved with the rest.");
    let missing = missing(view);
    let fields = fields_of(view, |rule| missing.contains(&rule.name));
    let rationale = RationaleField {
        label: Line::new("Anything to add?"),
        hint: length_hint(0),
        placeholder: Line::new("What should the approvers know?"),
        min: 0,
        max: RATIONALE_MAX,
    };
    form(view, Words { verb: Verb::FillIn, title: "Fill in", submit: "Send" }, Parts { intro, fields, rationale })
}

/// What has changed, and all the answers, to be mended where they have to be.
pub fn ask_again(view: &View<'_>) -> Form {
    let intro = subject(view).then(why_again(view));
    let rationale = RationaleField {
        label: Line::new("What is different now?"),
        hint: length_hint(NOTE_MIN),
        placeholder: Line::new("What did you change or find out?"),
        min: NOTE_MIN,
        max: RATIONALE_MAX,
    };
    let fields = fields_of(view, |_| true);
    form(view, Words { verb: Verb::AskAgain, title: "Ask again:", submit: "Ask again" }, Parts { intro, fields, rationale })
}

pub fn withdraw(view: &View<'_>) -> Form {
    let intro = subject(view).text(format!("It ends here, its votes with it, and {} is told to stop.", view.tool));
    let rationale = RationaleField {
        label: Line::new("Why is it no longer wanted?"),
        hint: length_hint(NOTE_MIN),
        placeholder: Line::new("What comes instead?"),
        min: NOTE_MIN,
        max: RATIONALE_MAX,
    };
    let words = Words { verb: Verb::Withdraw, title: "Withdraw", submit: "Withdraw" };
    form(view, words, Parts { intro, fields: Vec::new(), rationale })
}

struct Words {
    verb: Verb,
    title: &'static str,
    submit: &'static str,
}

struct Parts {
    intro: Rich,
    fields: Vec<Field>,
    rationale: RationaleField,
}

fn form(view: &View<'_>, words: Words, parts: Parts) -> Form {
    let (number, round) = (view.change.number, view.change.round);
    Form {
        verb: words.verb,
        number,
        round,
        title: Line::from(format!("{} {number}", words.title)).cut(FORM_TITLE_MAX),
        intro: parts.intro,
        fields: parts.fields,
        rationale: parts.rationale,
        submit: Line::new(words.submit),
        close: Line::new("Cancel"),
    }
}

fn missing(view: &View<'_>) -> Vec<String> {
    if let Phase::Draft { why: Unfinished::FieldsMissing { fields } } = &view.change.phase { fields.clone() } else { Vec::new() }
}

fn fields_of(view: &View<'_>, is_asked: impl Fn(&FieldRule) -> bool) -> Vec<Field> {
    let change = view.change;
    let rules = change.rules.iter().flat_map(|rules| &rules.fields).filter(|rule| is_asked(rule));
    rules.map(|rule| Field::of(rule, &change.request.subject.fields)).collect()
}

fn why_again(view: &View<'_>) -> Rich {
    let Phase::Draft { why: Unfinished::ChangesRequested { by, rationale } } = &view.change.phase else { return Rich::new() };
    let reason = Line::new(rationale).cut(FOREIGN_MAX);
    Rich::from("Changes requested by ").person(PersonRef::of(by, view.directory).named_only()).text(format!(": “{reason}”"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::FieldInput;
    use crate::forms::form_for;
    use crate::samples::{directory, samples};
    use crate::text::rich_text;
    use crate::view::Controls;

    fn of(name: &str, verb: Verb) -> Form {
        let samples = samples().unwrap();
        let sample = samples.iter().find(|sample| sample.name == name).unwrap();
        form_for(&sample.view(&directory(), Controls::Vote), verb).unwrap()
    }

    fn names(form: &Form) -> Vec<&str> {
        form.fields.iter().map(|field| field.name.as_str()).collect()
    }

    #[test]
    fn only_what_is_missing_is_asked_for() {
        let form = of("draft", Verb::FillIn);
        assert_eq!((form.title.as_str(), form.submit.as_str()), ("Fill in CHG-1042", "Send"));
        assert_eq!(names(&form), ["summary", "backout_plan"]);
        assert_eq!(form.fields[1].label.as_str(), "Backout plan");
        assert_eq!(
            (form.fields[1].hint.as_str(), &form.fields[1].input),
            ("At least 30 characters.", &FieldInput::Text { min: 30, max: 3_000 })
        );
        assert_eq!((form.rationale.min, form.rationale.max), (0, 1_000));
    }

    #[test]
    fn who_asks_again_may_mend_every_answer_and_reads_what_was_asked_for() {
        let form = of("draft-changes-requested", Verb::AskAgain);
        assert_eq!(names(&form), ["summary", "backout_plan", "customer_impact", "affected_systems"]);
        assert_eq!((form.fields[2].value.as_str(), form.fields[3].value.as_str()), ("none", "checkout\nledger"));
        assert!(rich_text(&form.intro).ends_with("Changes requested by Approver Two: “Say how to go back from the new index.”"));
        assert_eq!((form.round, form.rationale.min), (2, 10));
    }

    #[test]
    fn a_platform_with_few_inputs_asks_for_the_first_ones() {
        let form = of("draft-many-fields", Verb::FillIn);
        assert_eq!(form.fields.len(), 12);
        let within = form.clone().within(5);
        assert_eq!((within.fields.as_slice(), &within.rationale), (&form.fields[..4], &form.rationale));
    }

    #[test]
    fn every_form_of_every_sample_fits() {
        let directory = directory();
        for sample in samples().unwrap() {
            let view = sample.view(&directory, Controls::Vote);
            for form in Verb::ALL.into_iter().filter_map(|verb| form_for(&view, verb)) {
                assert!(form.title.units() <= FORM_TITLE_MAX && form.submit.units() <= FORM_TITLE_MAX, "{}", sample.name);
                assert!(form.fields.iter().all(|field| (1..=45).contains(&field.label.units())), "{}", sample.name);
            }
        }
    }
}
