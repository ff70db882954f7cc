//! Integration tests.

#[cfg(test)]
mod cache;
#[cfg(test)]
<<<<<<< HEAD
mod generated;
#[cfg(test)]
mod migrations;
=======
mod tidy;
>>>>>>> wip-sources
