//! One plain sentence for each rule.
