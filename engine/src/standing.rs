//! How a change stands now.
