//! From what a column holds to what the engine means, and back. A value that makes no sense is `Corrupt`, never a guess.

use crate::StoreError;
use engine::Timestamp;
use engine::ids::ChangeId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Display;

/// Rows of one INSERT. At 17 columns this stays below the 32,766 parameters of SQLite and the 65,535 of PostgreSQL.
pub(crate) const ROWS_PER_INSERT: usize = 128;

/// Cuts rows so that their INSERT has one of few shapes: powers of two, the largest first. Each shape is prepared once
/// for a connection and known from then on; a batch of any length would be another statement each time.
pub(crate) fn in_shapes<T>(rows: &[T]) -> impl Iterator<Item = &[T]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let count = 1 << rest.len().min(ROWS_PER_INSERT).checked_ilog2()?;
        let (shape, others) = rest.split_at(count);
        rest = others;
        Some(shape)
    })
}

/// Values of one IN list.
pub(crate) const VALUES_PER_LIST: usize = 500;

/// Characters of a stored error; what peers answer can be long.
const ERROR_LENGTH: usize = 2000;

/// Which row is being read, for the message if it makes no sense.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    table: &'static str,
    row: String,
}

impl Place {
    pub(crate) fn new(table: &'static str, row: impl Display) -> Self {
        Self { table, row: row.to_string() }
    }

    pub(crate) fn corrupt(&self, why: impl Display) -> StoreError {
        StoreError::Corrupt { what: self.table, row: self.row.clone(), why: why.to_string() }
    }

    pub(crate) fn instant(&self, micros: i64) -> Result<Timestamp, StoreError> {
        Timestamp::from_micros(micros).ok_or_else(|| self.corrupt(format!("{micros} is no instant")))
    }

    pub(crate) fn maybe_instant(&self, micros: Option<i64>) -> Result<Option<Timestamp>, StoreError> {
        micros.map(|micros| self.instant(micros)).transpose()
    }

    pub(crate) fn count(&self, stored: i64) -> Result<u64, StoreError> {
        u64::try_from(stored).map_err(|_| self.corrupt(format!("{stored} is no count")))
    }

    pub(crate) fn small_count(&self, stored: i64) -> Result<u32, StoreError> {
        u32::try_from(stored).map_err(|_| self.corrupt(format!("{stored} is no count")))
    }

    pub(crate) fn json<T: DeserializeOwned>(&self, text: &str) -> Result<T, StoreError> {
        serde_json::from_str(text).map_err(|error| self.corrupt(error))
    }

    pub(crate) fn word<T>(&self, word: &str, meaning: Option<T>) -> Result<T, StoreError> {
        meaning.ok_or_else(|| self.corrupt(format!("{word} is unknown")))
    }
}

/// Counters of ours fit: they would need centuries to reach the limit.
pub(crate) fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Ours to write, so it can fail only for a map whose keys are no strings.
pub(crate) fn json_text<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Database(Box::new(error)))
}

pub(crate) fn stream(change: ChangeId) -> String {
    format!("change:{change}")
}

/// The beginning of an error, which says the most.
pub(crate) fn shortened(error: &str) -> String {
    error.chars().take(ERROR_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_batch_has_few_shapes() {
        let cases: [(usize, &[usize]); 6] =
            [(0, &[]), (1, &[1]), (37, &[32, 4, 1]), (128, &[128]), (256, &[128, 128]), (255, &[128, 64, 32, 16, 8, 4, 2, 1])];
        for (count, shapes) in cases {
            let rows: Vec<usize> = (0..count).collect();
            let cut: Vec<&[usize]> = in_shapes(&rows).collect();
            assert_eq!(cut.iter().map(|shape| shape.len()).collect::<Vec<_>>(), shapes, "{count}");
            assert_eq!(cut.concat(), rows);
        }
    }
}
