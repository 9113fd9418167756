-- The ERP's records, by version: a row is what was true for since <= sequence < until.
CREATE TABLE `catalog_state` (
  `id` INTEGER PRIMARY KEY NOT NULL CHECK (`id` = 1),
  `sequence` INTEGER NOT NULL CHECK (`sequence` >= 0)
) STRICT;
INSERT INTO `catalog_state` (`id`, `sequence`) VALUES (1, 0);

CREATE TABLE `records` (
  `type` TEXT NOT NULL,
  `id` TEXT NOT NULL CHECK (`id` <> ''),
  `since` INTEGER NOT NULL CHECK (`since` > 0),
  `until` INTEGER CHECK (`until` > `since`),
  `deleted` INTEGER NOT NULL CHECK (`deleted` IN (0, 1)),
  `rev` TEXT,
  `rev_order` TEXT,
  `body` TEXT NOT NULL CHECK ((`body` = '') = `deleted`),
  `sku` TEXT,
  `list` TEXT,
  `customer` TEXT,
  `group_id` TEXT,
  `parent` TEXT,
  PRIMARY KEY (`type`, `id`, `since`),
  CHECK ((`rev` IS NULL) = (`rev_order` IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX `records_since` ON `records` (`since`);
CREATE INDEX `prices_by_sku` ON `records` (`sku`, `id`, `since`) WHERE `type` = 'price' AND `sku` IS NOT NULL;
CREATE INDEX `prices_by_customer` ON `records` (`customer`) WHERE `type` = 'price' AND `customer` IS NOT NULL;

-- What one request brought, and the answer that its idempotency key repeats.
CREATE TABLE `batches` (
  `number` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  `key_id` TEXT NOT NULL,
  `idempotency_key` TEXT,
  `target` TEXT NOT NULL,
  `digest` TEXT,
  `state` TEXT NOT NULL CHECK (`state` IN ('receiving', 'applied', 'staged', 'sweep')),
  `lease_until` INTEGER,
  `at` INTEGER NOT NULL,
  `sequence` INTEGER,
  `answer` TEXT
) STRICT;
CREATE UNIQUE INDEX `batches_by_key` ON `batches` (`key_id`, `idempotency_key`);
CREATE INDEX `batches_with_key` ON `batches` (`at`) WHERE `idempotency_key` IS NOT NULL;

-- Lines on their way into a batch. A refused line has a code; the others get an outcome.
CREATE TABLE `staged` (
  `batch` INTEGER NOT NULL,
  `type` TEXT NOT NULL,
  `id` TEXT NOT NULL,
  `line` INTEGER NOT NULL,
  `origin` INTEGER NOT NULL,
  `origin_line` INTEGER NOT NULL,
  `received_at` INTEGER NOT NULL,
  `op` TEXT NOT NULL CHECK (`op` IN ('upsert', 'delete')),
  `rev` TEXT,
  `rev_order` TEXT,
  `body` TEXT NOT NULL,
  `sku` TEXT,
  `list` TEXT,
  `customer` TEXT,
  `group_id` TEXT,
  `parent` TEXT,
  `refs` TEXT,
  `missing` TEXT,
  `outcome` TEXT,
  `holds` INTEGER,
  `code` TEXT,
  `pointer` TEXT,
  `message` TEXT,
  PRIMARY KEY (`batch`, `type`, `id`, `line`)
) STRICT, WITHOUT ROWID;
CREATE INDEX `staged_by_parent` ON `staged` (`batch`, `type`, `parent`) WHERE `parent` IS NOT NULL;

-- Records that wait for what they refer to.
CREATE TABLE `parked` (
  `type` TEXT NOT NULL,
  `id` TEXT NOT NULL,
  `waits_type` TEXT NOT NULL,
  `waits_id` TEXT NOT NULL,
  `origin` INTEGER NOT NULL,
  `origin_line` INTEGER NOT NULL,
  `received_at` INTEGER NOT NULL,
  `rev` TEXT,
  `rev_order` TEXT,
  `body` TEXT NOT NULL CHECK (`body` <> ''),
  `sku` TEXT,
  `list` TEXT,
  `customer` TEXT,
  `group_id` TEXT,
  `parent` TEXT,
  `refs` TEXT,
  PRIMARY KEY (`type`, `id`)
) STRICT, WITHOUT ROWID;
CREATE INDEX `parked_by_wait` ON `parked` (`waits_type`, `waits_id`);
CREATE INDEX `parked_by_age` ON `parked` (`received_at`);

-- Every line that was refused or is parked, by where it came in.
CREATE TABLE `problems` (
  `batch` INTEGER NOT NULL,
  `line` INTEGER NOT NULL,
  `state` TEXT NOT NULL CHECK (`state` IN ('invalid', 'parked')),
  `type` TEXT,
  `id` TEXT,
  `code` TEXT NOT NULL,
  `pointer` TEXT,
  `message` TEXT NOT NULL,
  `at` INTEGER NOT NULL,
  PRIMARY KEY (`batch`, `line`)
) STRICT, WITHOUT ROWID;
CREATE INDEX `problems_parked` ON `problems` (`batch`, `line`) WHERE `state` = 'parked';

-- A complete set that is being received; it becomes the batch of the same number.
CREATE TABLE `sweeps` (
  `batch` INTEGER PRIMARY KEY NOT NULL,
  `type` TEXT NOT NULL,
  `scope_field` TEXT CHECK (`scope_field` IN ('list', 'customer', 'group')),
  `scope_id` TEXT,
  `state` TEXT NOT NULL CHECK (`state` IN ('open', 'committed', 'abandoned')),
  `opened_sequence` INTEGER NOT NULL,
  `opened_at` INTEGER NOT NULL,
  `expires_at` INTEGER NOT NULL,
  CHECK ((`scope_field` IS NULL) = (`scope_id` IS NULL))
) STRICT;
