//! `lock` of an environment: pinned into the change, and said in one sentence.

use super::faults::check;
use crate::lock::Lock;
use crate::policy::samples::{SPINE, directory, noon, policy, request};
use crate::sentence;

fn pinned(text: &str) -> Lock {
    policy(text).route(&request(), &directory(), noon()).rules.unwrap().lock
}

#[test]
fn it_is_pinned_and_said_in_one_sentence() {
    let locked = pinned(&SPINE.replace("superseded: reject", "superseded: reject\n    lock: one_at_a_time"));
    assert_eq!((locked, sentence::lock(locked)), (Lock::OneAtATime, Some("Of its service only one change is out there at a time.")));
    let free = pinned(SPINE);
    assert_eq!((free, sentence::lock(free)), (Lock::Free, None));
}

#[test]
fn another_word_is_a_fault() {
    let expected = "environments.production.lock: “one_at_time” is not one of one_at_a_time; did you mean one_at_a_time?";
    check(&[("superseded: reject", "superseded: reject\n    lock: ‸one_at_time", expected)]);
}
