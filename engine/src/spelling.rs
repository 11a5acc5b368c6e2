//! The known word that somebody may have meant.

/// Longer words are not compared.
const MAX_LETTERS: usize = 64;

/// The nearest of `known`, if no more than a third of its letters differ.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    let near = known.into_iter().filter_map(|candidate| {
        let letters = candidate.chars().count().max(word.chars().count());
        let distance = if letters > MAX_LETTERS { letters } else { distance(word, candidate) };
        (distance <= (letters / 3).max(1) && distance < letters).then_some((distance, candidate))
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate.to_owned())
}

/// Letters to insert, to leave out or to exchange (Levenshtein), two exchanged neighbours counting once.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for row in 1..=from.len() {
        let mut current = vec![row];
        for column in 1..=to.len() {
            let exchanged = last[column - 1] + usize::from(from[row - 1] != to[column - 1]);
            let mut least = exchanged.min(last[column] + 1).min(current[column - 1] + 1);
            if row > 1 && column > 1 && from[row - 1] == to[column - 2] && from[row - 2] == to[column - 1] {
                least = least.min(before_last[column - 2] + 1);
            }
            current.push(least);
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_word_that_was_meant() {
        let known = ["requirements", "environments", "classes", "owners"];
        let table = [
            ("requirments", Some("requirements")),
            ("enviroments", Some("environments")),
            ("clases", Some("classes")),
            ("onwers", Some("owners")),
            ("zebra", None),
            ("", None),
        ];
        for (word, expected) in table {
            assert_eq!(nearest(word, known).as_deref(), expected, "{word}");
        }
    }

    #[test]
    fn exchanged_neighbours_count_once() {
        assert_eq!(distance("form", "from"), 1);
        assert_eq!(distance("abc", "abc"), 0);
        assert_eq!(distance("", "abc"), 3);
    }
}
