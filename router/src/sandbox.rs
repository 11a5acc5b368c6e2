//! The demo's sign-in: a person is chosen from the sample people, and only from this machine. Exists nowhere but in the
//! demo.

pub struct Sandbox {
    /// The only hosts that requests may name: loopback, with our port.
    hosts: Vec<String>,
}

impl Sandbox {
    pub fn new(port: u16) -> Self {
        Self { hosts: vec![format!("127.0.0.1:{port}"), format!("localhost:{port}")] }
    }

    /// A name server that points somebody's page at us can't make a browser send another host.
    pub fn knows_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|known| known == host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_known() {
        let sandbox = Sandbox::new(4711);
        assert!(sandbox.knows_host("127.0.0.1:4711") && sandbox.knows_host("localhost:4711"));
        assert!(!sandbox.knows_host("evil.example:4711") && !sandbox.knows_host("127.0.0.1:4712"));
    }
}
