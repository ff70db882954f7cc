//! Technical indicators, to TA-Lib's definition.
