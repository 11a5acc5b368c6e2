//! The short numbers that people see: unique and growing, gaps allowed.

use crate::convert::Place;
use crate::{StoreError, Tx};
use engine::ids::ChangeNumber;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

impl Tx {
    /// The next number; the first one is 1001. On PostgreSQL a transaction that ends without a commit leaves a gap.
    pub async fn next_number(&mut self) -> Result<ChangeNumber, StoreError> {
        let backend = self.db().get_database_backend();
        let sql = match backend {
            DbBackend::Postgres => "SELECT nextval('change_numbers')",
            _ => "UPDATE change_numbers SET last = last + 1 RETURNING last",
        };
        let place = Place::new("change_numbers", "the last number");
        let row = self.db().query_one_raw(Statement::from_string(backend, sql)).await?;
        let row = row.ok_or_else(|| place.corrupt("the row is missing"))?;
        Ok(ChangeNumber(place.count(row.try_get_by_index(0)?)?))
    }
}
