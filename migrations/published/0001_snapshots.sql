-- The store of record of everything the edge reads: KV holds copies of the same bytes.
CREATE TABLE `segments` (
  `hash` text NOT NULL CHECK (length(`hash`) = 22),
  `part` integer DEFAULT 0 NOT NULL CHECK (`part` >= 0 AND `part` < `parts`),
  `parts` integer DEFAULT 1 NOT NULL,
  `bytes` blob NOT NULL,
  PRIMARY KEY (`hash`, `part`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `snapshots` (
  `id` text PRIMARY KEY NOT NULL,
  `sequence` integer NOT NULL CHECK (`sequence` >= 0),
  `status` text NOT NULL CHECK (`status` IN ('compiling', 'complete', 'failed')),
  `note` text,
  `manifest` text CHECK (`manifest` IS NULL OR length(`manifest`) = 22),
  `progress` text NOT NULL CHECK (json_valid(`progress`)),
  `failure` text,
  `created_at` text NOT NULL,
  `live_at` text,
  `number` integer NOT NULL UNIQUE
) STRICT;
