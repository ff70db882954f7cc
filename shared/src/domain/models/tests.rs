//! Costs, ladders, opinions and blends, at their corners and as properties.
