-- Why a snapshot is held that was to go live: what the guard found.
ALTER TABLE `snapshots` ADD COLUMN `guard` text CHECK (`guard` IS NULL OR json_valid(`guard`));
