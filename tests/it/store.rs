//! The store on both backends: schema, transactions, group commit, and the generic tables.

mod fixtures;
mod group_commit;
mod migrations;
mod opening;
mod outbox;
mod records;
mod refusals;
mod transactions;
mod values;
