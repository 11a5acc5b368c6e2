//! What an environment takes from the one before it, and what is wrong with that.

use super::faults::check;
use crate::policy::samples::{SPINE, directory, noon, policy, request};
use crate::sentence;

#[test]
fn it_is_pinned_and_said_in_one_sentence() {
    let table = [
        ("after: staging", "It goes out after it has succeeded in staging."),
        ("after: staging\n    soak: 2h", "It goes out after it has succeeded in staging, and 2 hours later at the earliest."),
    ];
    for (keys, expected) in table {
        let text = SPINE.replace("superseded: reject", &format!("superseded: reject\n    {keys}"));
        let rules = policy(&text).route(&request(), &directory(), noon()).rules.unwrap();
        assert_eq!(sentence::promotion(&rules.promotion.unwrap()), expected);
    }
    assert_eq!(policy(SPINE).route(&request(), &directory(), noon()).rules.unwrap().promotion, None);
}

#[test]
fn what_is_wrong_with_it() {
    let production = "environments.production";
    let table = [
        ("soak: ‸2h", format!("{production}.soak: a soak needs “after”: the environment in which it soaks")),
        ("after: ‸stagign", format!("{production}.after: there is no environment “stagign”; did you mean staging?")),
        ("after: ‸production", format!("{production}.after: an environment does not come after itself")),
        ("after: staging\n    soak: ‸2", format!("{production}.soak: this should be a length of time: a number and one of s, m, h, d, w")),
    ];
    for (keys, expected) in &table {
        check(&[("superseded: reject", &format!("superseded: reject\n    {keys}"), expected)]);
    }
    let circle = "environments.one: these environments wait for each other: one after two after three after one";
    let three = "  one: ‸{ after: two }\n  two: { after: three }\n  three: { after: one }\n";
    check(&[("environments:\n", &format!("environments:\n{three}"), circle)]);
    // One that leads into a circle is not in it.
    let into = "  zero: { after: two }\n  two: ‸{ after: three }\n  three: { after: two }\n";
    let smaller = "environments.two: these environments wait for each other: two after three after two";
    check(&[("environments:\n", &format!("environments:\n{into}"), smaller)]);
}
