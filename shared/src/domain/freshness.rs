//! How old a value may be before it is carried, defaulted or missing.
