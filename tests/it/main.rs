//! Every test that needs more than one crate, in one binary.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod cli_demo;
mod cli_help;
mod cli_init;
mod cli_migrate;
mod cli_outbox;
mod cli_policy;
mod cli_secrets;
mod cli_serve;
mod cli_token;
mod crash_postgres;
mod crash_redelivery;
mod crash_sqlite;
mod judge_blocks;
mod judge_slack;
mod store_bench;
mod store_changes;
mod store_directory;
mod store_events;
mod store_faults;
mod store_inbox;
mod store_internal;
mod store_leases;
mod store_migrations;
mod store_outbox;
mod store_placements;
mod store_tokens;
mod story_api;
mod story_approval;
mod story_callbacks;
mod story_console;
mod story_discord;
mod story_duplicates;
mod story_escalation;
mod story_forged;
mod story_lookup;
mod story_nodes;
mod story_outcomes;
mod story_payloads;
mod story_refusals;
mod story_restart;
mod story_slack_away;
mod story_store_away;
mod story_superseding;
mod tidy;
