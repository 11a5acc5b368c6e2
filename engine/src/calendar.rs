//! Recurring times.
