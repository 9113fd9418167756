-- How the published prices compared with the ERP's own, so that a drift is seen over time.
CREATE TABLE `parity_runs` (
  `number` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  `at` TEXT NOT NULL,
  `snapshot` TEXT NOT NULL,
  `sequence` INTEGER NOT NULL CHECK (`sequence` >= 0),
  `matched` INTEGER NOT NULL CHECK (`matched` >= 0),
  `mismatched` INTEGER NOT NULL CHECK (`mismatched` >= 0),
  `invalid` INTEGER NOT NULL CHECK (`invalid` >= 0),
  `mismatches` TEXT NOT NULL CHECK (json_valid(`mismatches`)),
  `problems` TEXT NOT NULL CHECK (json_valid(`problems`))
) STRICT;
