-- The lists of quotes and orders: what the quotes' objects project here, to be searched and swept.
CREATE TABLE `quotes` (
  `quote` text PRIMARY KEY NOT NULL,
  -- The last event that is in this row. 0: the quote is being opened, and is not to be listed yet.
  `version` integer NOT NULL CHECK (`version` >= 0),
  `customer` text NOT NULL,
  `customer_name` text NOT NULL,
  `currency` text NOT NULL,
  `opened_by` text NOT NULL CHECK (`opened_by` IN ('buyer', 'seller')),
  `status` text NOT NULL,
  `revision` integer NOT NULL,
  `total` text NOT NULL,
  `discount` text,
  `valid_until` text,
  `purchase_order` text,
  -- The same as the buyer may see it; null: not at all.
  `buyer_status` text,
  `buyer_revision` integer,
  `buyer_total` text,
  `buyer_valid_until` text,
  `created_at` text NOT NULL,
  `changed_at` text NOT NULL,
  -- When the sweep is to look after it, in milliseconds since 1970; null: nothing more can come due.
  `due_at` integer
) STRICT;
--> statement-breakpoint
CREATE INDEX `quotes_changed` ON `quotes` (`changed_at`, `quote`);
--> statement-breakpoint
CREATE INDEX `quotes_status` ON `quotes` (`status`, `changed_at`, `quote`);
--> statement-breakpoint
CREATE INDEX `quotes_customer` ON `quotes` (`customer`, `changed_at`, `quote`);
--> statement-breakpoint
CREATE INDEX `quotes_due` ON `quotes` (`due_at`) WHERE `due_at` IS NOT NULL;
--> statement-breakpoint
-- Whom a quote waits for. Inboxes are made again from it.
CREATE TABLE `quote_addressees` (
  `addressee` text NOT NULL,
  `quote` text NOT NULL,
  `tier` integer NOT NULL,
  `since` text NOT NULL,
  `due` text,
  `causes` text NOT NULL CHECK (json_valid(`causes`)),
  PRIMARY KEY (`addressee`, `quote`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `quote_addressees_quote` ON `quote_addressees` (`quote`);
--> statement-breakpoint
-- Signed statements of what a quote's log was, so that one which was cut off or rewritten is seen. Only ever added to.
CREATE TABLE `quote_checkpoints` (
  `quote` text NOT NULL,
  `seq` integer NOT NULL CHECK (`seq` > 0),
  `hash` text NOT NULL CHECK (length(`hash`) = 64),
  `at` text NOT NULL,
  `signature` text NOT NULL,
  PRIMARY KEY (`quote`, `seq`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `orders` (
  `id` text PRIMARY KEY NOT NULL,
  `quote` text NOT NULL,
  `version` integer NOT NULL,
  `customer` text NOT NULL,
  `customer_name` text NOT NULL,
  `currency` text NOT NULL,
  `total` text NOT NULL,
  `purchase_order` text,
  `status` text NOT NULL CHECK (`status` IN ('pending', 'placed', 'refused')),
  `erp_order` text,
  `problem` text,
  `accepted_at` text NOT NULL,
  `changed_at` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `orders_changed` ON `orders` (`changed_at`, `id`);
--> statement-breakpoint
CREATE INDEX `orders_status` ON `orders` (`status`, `changed_at`, `id`);
