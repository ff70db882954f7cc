//! Integration tests.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod admin;
#[cfg(test)]
mod alone;
#[cfg(test)]
mod api;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod bad_days;
#[cfg(test)]
mod cache;
#[cfg(test)]
mod collectors;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod costs;
#[cfg(test)]
mod coverage;
#[cfg(test)]
mod db;
#[cfg(test)]
mod disagreement;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod functions;
#[cfg(test)]
mod generated;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod maintenance;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod models;
#[cfg(test)]
mod modes;
#[cfg(test)]
mod once;
#[cfg(test)]
mod ownership;
#[cfg(test)]
mod paper;
#[cfg(test)]
mod portfolio;
#[cfg(test)]
mod push;
#[cfg(test)]
mod rejected;
#[cfg(test)]
mod retention;
#[cfg(test)]
mod revised;
#[cfg(test)]
mod runbook;
#[cfg(test)]
mod simulate;
#[cfg(test)]
mod sources;
#[cfg(test)]
mod tidy;
