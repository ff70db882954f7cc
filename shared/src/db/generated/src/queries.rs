// This file was generated with `cornucopia`. Do not modify.

pub mod accounts;
pub mod accounts_export;
pub mod admin;
pub mod costs;
pub mod decisions;
pub mod ledger;
pub mod market_data;
pub mod model_answers;
pub mod modes;
pub mod observations;
pub mod operations;
pub mod portfolios;
pub mod push;
pub mod rejected;
pub mod retention;
pub mod sessions;
pub mod simulate;
pub mod strategies;
pub mod subscriptions;
