-- Who is told of what happens to snapshots. The secrets are kept as they are: messages are signed with them.
CREATE TABLE `webhooks` (
  `id` TEXT PRIMARY KEY NOT NULL,
  `url` TEXT NOT NULL,
  `events` TEXT NOT NULL CHECK (json_valid(`events`)),
  `description` TEXT NOT NULL,
  `secret` TEXT NOT NULL CHECK (`secret` LIKE 'whsec_%'),
  `previous_secret` TEXT,
  `previous_until` INTEGER,
  `disabled` TEXT CHECK (`disabled` IN ('asked', 'failing', 'gone')),
  `failing_since` INTEGER,
  `rests_until` INTEGER NOT NULL,
  `created_at` INTEGER NOT NULL,
  CHECK ((`previous_secret` IS NULL) = (`previous_until` IS NULL))
) STRICT;

-- What happened, as it is told: the same bytes with every attempt.
CREATE TABLE `webhook_events` (
  `id` TEXT PRIMARY KEY NOT NULL,
  `type` TEXT NOT NULL,
  `at` INTEGER NOT NULL,
  `body` TEXT NOT NULL CHECK (json_valid(`body`))
) STRICT;
CREATE INDEX `webhook_events_by_age` ON `webhook_events` (`at`);

-- The outbox: an event that is to be told to somebody, or was, or could not be.
CREATE TABLE `webhook_deliveries` (
  `number` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  `webhook` TEXT NOT NULL,
  `event` TEXT NOT NULL,
  `state` TEXT NOT NULL CHECK (`state` IN ('pending', 'delivered', 'dead')),
  `attempts` INTEGER NOT NULL CHECK (`attempts` >= 0),
  `next_at` INTEGER NOT NULL,
  `tried_at` INTEGER,
  `status` INTEGER,
  `failure` TEXT
) STRICT;
CREATE UNIQUE INDEX `webhook_deliveries_once` ON `webhook_deliveries` (`webhook`, `event`);
CREATE INDEX `webhook_deliveries_pending` ON `webhook_deliveries` (`webhook`, `next_at`) WHERE `state` = 'pending';
CREATE INDEX `webhook_deliveries_by_webhook` ON `webhook_deliveries` (`webhook`, `number`);
CREATE INDEX `webhook_deliveries_by_event` ON `webhook_deliveries` (`event`);

-- Up to where the heads, and the snapshots that came to an end, have become events; one row.
CREATE TABLE `webhook_progress` (
  `id` INTEGER PRIMARY KEY NOT NULL CHECK (`id` = 1),
  `head` INTEGER NOT NULL,
  `snapshot` INTEGER NOT NULL
) STRICT;
INSERT INTO `webhook_progress` (`id`, `head`, `snapshot`) VALUES (1, 0, 0);
