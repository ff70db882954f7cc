//! Candles on their grid: gaps, flat fills, weeks from days, anomalies.
