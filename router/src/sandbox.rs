//! The demo's sign-in: a person is chosen from the sample people, and a cookie that only this process could have made
//! remembers it. Exists nowhere but in the demo.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use engine::ids::PersonId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

pub struct Sandbox {
    key: [u8; 32],
    /// The only hosts that requests may name: loopback, with our port.
    hosts: Vec<String>,
}

impl Sandbox {
    pub fn new(port: u16) -> Self {
        Self { key: rand::random(), hosts: vec![format!("127.0.0.1:{port}"), format!("localhost:{port}")] }
    }

    /// A name server that points somebody's page at us can't make a browser send another host.
    pub fn knows_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|known| known == host)
    }

    pub fn knows_origin(&self, origin: &str) -> bool {
        origin.strip_prefix("http://").is_some_and(|host| self.knows_host(host))
    }

    /// What the cookie holds.
    pub fn sign(&self, person: &PersonId) -> String {
        format!("{}.{}", URL_SAFE_NO_PAD.encode(person.as_str()), self.mac("session", person.as_str()))
    }

    /// Whom the cookie names, if it was made here.
    pub fn person(&self, cookie: &str) -> Option<PersonId> {
        let (name, mac) = cookie.split_once('.')?;
        let name = String::from_utf8(URL_SAFE_NO_PAD.decode(name).ok()?).ok()?;
        same(mac, &self.mac("session", &name)).then(|| PersonId::new(name))
    }

    /// Goes into each form; `person` is empty before somebody has signed in.
    pub fn csrf(&self, person: &str) -> String {
        self.mac("form", person)
    }

    pub fn is_csrf(&self, person: &str, token: &str) -> bool {
        same(token, &self.csrf(person))
    }

    fn mac(&self, purpose: &str, text: &str) -> String {
        // A key of 32 bytes is one that HMAC takes.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else { return String::new() };
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }
}

fn same(one: &str, other: &str) -> bool {
    !other.is_empty() && bool::from(one.as_bytes().ct_eq(other.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_cookies_count() {
        let (ours, theirs) = (Sandbox::new(1), Sandbox::new(1));
        let person = PersonId::from("approver-1");
        assert_eq!(ours.person(&ours.sign(&person)), Some(person.clone()));
        assert_eq!(ours.person(&theirs.sign(&person)), None);
        let swapped = format!("{}.{}", URL_SAFE_NO_PAD.encode("approver-2"), ours.sign(&person).split_once('.').unwrap().1);
        assert_eq!(ours.person(&swapped), None);
        assert!(ours.is_csrf("approver-1", &ours.csrf("approver-1")));
        assert!(!ours.is_csrf("approver-2", &ours.csrf("approver-1")));
        assert!(!ours.is_csrf("approver-1", ""));
    }

    #[test]
    fn only_loopback_is_known() {
        let sandbox = Sandbox::new(4711);
        assert!(sandbox.knows_host("127.0.0.1:4711") && sandbox.knows_origin("http://localhost:4711"));
        assert!(!sandbox.knows_host("evil.example:4711") && !sandbox.knows_origin("https://127.0.0.1:4711"));
    }
}
