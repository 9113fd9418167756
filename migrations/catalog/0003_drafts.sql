-- Changes that a price manager prepares; nothing of them is a record until they are applied, all in one batch.
CREATE TABLE `drafts` (
  `number` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  `name` TEXT NOT NULL CHECK (`name` <> ''),
  `note` TEXT,
  `state` TEXT NOT NULL CHECK (`state` IN ('open', 'scheduled', 'applied', 'published', 'discarded')),
  `version` INTEGER NOT NULL CHECK (`version` > 0),
  `created_at` INTEGER NOT NULL,
  `changed_at` INTEGER NOT NULL,
  `publish_at` INTEGER,
  `forced` INTEGER NOT NULL CHECK (`forced` IN (0, 1)),
  `failure` TEXT CHECK (json_valid(`failure`)),
  `batch` INTEGER,
  `snapshot` TEXT,
  `replaced` TEXT,
  CHECK ((`state` = 'scheduled') = (`publish_at` IS NOT NULL)),
  CHECK ((`state` IN ('applied', 'published')) = (`batch` IS NOT NULL)),
  CHECK ((`batch` IS NULL) = (`snapshot` IS NULL))
) STRICT;
CREATE INDEX `drafts_underway` ON `drafts` (`state`) WHERE `state` IN ('scheduled', 'applied');

-- A record as it will be; `base` is the version that it was made from, 0 for none.
CREATE TABLE `draft_records` (
  `draft` INTEGER NOT NULL,
  `type` TEXT NOT NULL,
  `id` TEXT NOT NULL CHECK (`id` <> ''),
  `op` TEXT NOT NULL CHECK (`op` IN ('upsert', 'delete')),
  `body` TEXT NOT NULL CHECK ((`body` = '') = (`op` = 'delete')),
  `sku` TEXT,
  `list` TEXT,
  `customer` TEXT,
  `group_id` TEXT,
  `parent` TEXT,
  `refs` TEXT,
  `base` INTEGER NOT NULL CHECK (`base` >= 0),
  PRIMARY KEY (`draft`, `type`, `id`)
) STRICT, WITHOUT ROWID;
