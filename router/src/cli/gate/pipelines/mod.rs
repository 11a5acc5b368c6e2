//! What a run says about itself in its environment: a table of variables for each CI system, read by one piece of code.

mod argo_workflows;
mod argocd;
mod github;
mod gitlab;
mod jenkins;

use std::collections::BTreeMap;

/// Name → value of what is set and not empty.
pub type Variables = BTreeMap<String, String>;

/// The first system whose sign is there is the one that runs us.
const SYSTEMS: [&System; 5] = [&gitlab::SYSTEM, &github::SYSTEM, &jenkins::SYSTEM, &argocd::SYSTEM, &argo_workflows::SYSTEM];

/// Which variables of a CI system say what. The first text whose variables are all set counts.
pub struct System {
    pub name: &'static str,
    /// Any of these is set in every run, and in no run of another system.
    pub signs: &'static [&'static str],
    pub service: &'static [Text],
    pub environment: &'static [Text],
    pub tier: &'static [Text],
    pub sha: &'static [Text],
    pub git_ref: &'static [Text],
    pub version: &'static [Text],
    pub title: &'static [Text],
    pub url: &'static [Text],
    /// An account as `kind:id`, or an address.
    pub initiator: &'static [Text],
    /// What tells this run from every other, a repeated one included.
    pub identity: &'static [Text],
}

/// A text with variables in it: `gitlab:$GITLAB_USER_ID`.
pub struct Text {
    text: &'static str,
    /// It counts only where this variable has this value.
    only_if: Option<(&'static str, &'static str)>,
}

pub const fn text(text: &'static str) -> Text {
    Text { text, only_if: None }
}

pub const fn text_if(variable: &'static str, value: &'static str, text: &'static str) -> Text {
    Text { text, only_if: Some((variable, value)) }
}

impl Text {
    /// `None` if a variable of it is not set.
    fn filled(&self, variables: &Variables) -> Option<String> {
        if self.only_if.is_some_and(|(name, value)| variables.get(name).is_none_or(|is| is != value)) {
            return None;
        }
        let mut parts = self.text.split('$');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find(|letter: char| !(letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_'));
            let (name, rest) = part.split_at(end.unwrap_or(part.len()));
            filled.push_str(variables.get(name)?);
            filled.push_str(rest);
        }
        Some(filled)
    }
}

/// The variables of this process that are text and not empty.
pub fn variables() -> Variables {
    let pairs = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    pairs.filter(|(_, value)| !value.trim().is_empty()).collect()
}

/// `None` outside of every system that is known.
pub fn run(variables: &Variables) -> Option<Run<'_>> {
    let is_here = |system: &System| system.signs.iter().any(|sign| variables.contains_key(*sign));
    SYSTEMS.into_iter().find(|system| is_here(system)).map(|system| Run { system, variables })
}

/// One run of a CI system.
pub struct Run<'a> {
    system: &'static System,
    variables: &'a Variables,
}

impl Run<'_> {
    pub fn system(&self) -> &'static str {
        self.system.name
    }
    pub fn service(&self) -> Option<String> {
        self.first(self.system.service)
    }
    pub fn environment(&self) -> Option<String> {
        self.first(self.system.environment)
    }
    pub fn tier(&self) -> Option<String> {
        self.first(self.system.tier)
    }
    pub fn sha(&self) -> Option<String> {
        self.first(self.system.sha)
    }
    pub fn git_ref(&self) -> Option<String> {
        self.first(self.system.git_ref)
    }
    pub fn version(&self) -> Option<String> {
        self.first(self.system.version)
    }
    pub fn title(&self) -> Option<String> {
        self.first(self.system.title)
    }
    pub fn url(&self) -> Option<String> {
        self.first(self.system.url)
    }
    pub fn initiator(&self) -> Option<String> {
        self.first(self.system.initiator)
    }
    pub fn identity(&self) -> Option<String> {
        self.first(self.system.identity)
    }

    fn first(&self, texts: &[Text]) -> Option<String> {
        texts.iter().find_map(|text| text.filled(self.variables))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(pairs: &[(&str, &str)]) -> Variables {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    /// What is made of a run with these variables, a line for each part that it tells.
    pub fn told(pairs: &[(&str, &str)]) -> Vec<String> {
        let variables = set(pairs);
        let run = run(&variables).unwrap();
        let parts = [
            ("service", run.service()),
            ("environment", run.environment()),
            ("tier", run.tier()),
            ("sha", run.sha()),
            ("ref", run.git_ref()),
            ("version", run.version()),
            ("title", run.title()),
            ("url", run.url()),
            ("initiator", run.initiator()),
            ("identity", run.identity()),
        ];
        let told = parts.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value?)));
        std::iter::once(run.system().to_owned()).chain(told).collect()
    }

    #[test]
    fn a_text_needs_all_its_variables() {
        let variables = set(&[("A", "1"), ("B_2", "2")]);
        let table = [("plain", Some("plain")), ("$A", Some("1")), ("x:$A/$B_2!", Some("x:1/2!")), ("$A$C", None), ("$", None)];
        for (of, expected) in table {
            assert_eq!(text(of).filled(&variables).as_deref(), expected, "{of}");
        }
        assert_eq!(text_if("A", "1", "$B_2").filled(&variables).as_deref(), Some("2"));
        assert_eq!(text_if("A", "2", "$B_2").filled(&variables), None);
    }

    #[test]
    fn a_shell_is_no_run() {
        assert!(run(&set(&[("PATH", "/bin"), ("CI", "true")])).is_none());
    }
}
