-- Loses the rows that were kept for inspection: back up rejected_observations first.
DROP TABLE rejected_observations;
