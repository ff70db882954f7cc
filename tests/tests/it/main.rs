//! Integration tests.

#[cfg(test)]
mod cache;
#[cfg(test)]
mod db;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod generated;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod migrations;
