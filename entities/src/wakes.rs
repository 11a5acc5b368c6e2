//! When there is something to do next, over everything that waits.

use crate::convert::Place;
use crate::{Store, StoreError};
use engine::Timestamp;
use sea_orm::{ConnectionTrait, Statement};

/// Each branch reads the first entry of one partial index.
const NEXT_DUE: &str = "SELECT MIN(due) FROM ( \
     SELECT MIN(due_at) AS due FROM outbox WHERE state = 'waiting' \
     UNION ALL SELECT MIN(due_at) FROM deliveries WHERE state = 'waiting' \
     UNION ALL SELECT MIN(due_at) FROM internal_inputs WHERE state = 'waiting' \
     UNION ALL SELECT MIN(wake_at) FROM changes WHERE wake_at IS NOT NULL) AS earliest";

impl Store {
    /// The earliest instant at which a worker has something to do; what is lent counts from the end of its lease.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let db = self.reader();
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), NEXT_DUE)).await?;
        let earliest: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
        Place::new("queue", "the earliest").maybe_instant(earliest)
    }
}
