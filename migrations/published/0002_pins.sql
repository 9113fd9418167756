-- Why a snapshot is held that was to go live: what the guard found.
ALTER TABLE `snapshots` ADD COLUMN `guard` text CHECK (`guard` IS NULL OR json_valid(`guard`));
--> statement-breakpoint
-- Since when a snapshot is not kept any more: what it was made of may be gone.
ALTER TABLE `snapshots` ADD COLUMN `pruned_at` text;
--> statement-breakpoint
-- Who needs a snapshot, and until when (RFC 3339; null: until the row is deleted). Whoever pins one sees afterwards
-- that its `pruned_at` is null: a pin that comes too late keeps nothing.
CREATE TABLE `pins` (
  `snapshot` text NOT NULL,
  `holder` text NOT NULL CHECK (`holder` <> ''),
  `until` text CHECK (`until` IS NULL OR julianday(`until`) IS NOT NULL),
  PRIMARY KEY (`snapshot`, `holder`)
) STRICT;
--> statement-breakpoint
-- The one sweep that may delete segments at present; it deletes nothing when its row is gone.
CREATE TABLE `sweep` (
  `id` text PRIMARY KEY NOT NULL
) STRICT;
