//! Patterns over names: `*` stands for any text, `/` included. Nothing else is special.

/// A compiled pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    pattern: String,
}

impl Glob {
    pub fn new(pattern: &str) -> Self {
        Self { pattern: pattern.to_owned() }
    }

    /// As it stands in the file.
    pub fn source(&self) -> &str {
        &self.pattern
    }

    /// Whether the whole name fits. Each part is taken as early as it occurs, so this never goes back.
    pub fn matches(&self, name: &str) -> bool {
        let Some((first, rest)) = self.pattern.split_once('*') else { return self.pattern == name };
        let Some(mut left) = name.strip_prefix(first) else { return false };
        let mut parts: Vec<&str> = rest.split('*').collect();
        let last = parts.pop().unwrap_or_default();
        for part in parts {
            let Some(found) = left.find(part) else { return false };
            left = &left[found + part.len()..];
        }
        left.ends_with(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_also_matches_a_slash() {
        let table = [
            ("production", "production", true),
            ("production", "production-eu", false),
            ("prod-*", "prod-eu", true),
            ("prod-*", "prod-", true),
            ("prod-*", "my-prod-eu", false),
            ("production/*", "production/eu/1", true),
            ("*", "", true),
            ("*-eu-*-1", "prod-eu-west-1", true),
            ("*-eu-*-1", "prod-eu-1", false),
            ("a*a", "a", false),
            ("a*b*a", "abba", true),
            ("a**b", "ab", true),
            ("", "", true),
            ("", "x", false),
            ("prod?", "prods", false),
        ];
        for (pattern, name, expected) in table {
            assert_eq!(Glob::new(pattern).matches(name), expected, "{pattern} on {name}");
        }
    }
}
