-- Keys may be a person's, and the role `sales` comes with quotes. SQLite changes a check only by making the table anew.
CREATE TABLE `api_keys_with_people` (
  `id` text PRIMARY KEY NOT NULL,
  `hash` text NOT NULL UNIQUE CHECK (length(`hash`) = 64),
  `role` text NOT NULL CHECK (`role` IN ('storefront', 'erp', 'sales', 'manager', 'approver', 'admin')),
  `customers` text CHECK (`customers` IS NULL OR json_valid(`customers`)),
  `label` text NOT NULL,
  `created_at` text NOT NULL,
  `revoked_at` text,
  `person` text CHECK (`person` IS NULL OR `person` <> '' AND `role` IN ('sales', 'manager', 'approver', 'admin'))
) STRICT;
--> statement-breakpoint
INSERT INTO `api_keys_with_people` (`id`, `hash`, `role`, `customers`, `label`, `created_at`, `revoked_at`)
SELECT `id`, `hash`, `role`, `customers`, `label`, `created_at`, `revoked_at` FROM `api_keys`;
--> statement-breakpoint
DROP TABLE `api_keys`;
--> statement-breakpoint
ALTER TABLE `api_keys_with_people` RENAME TO `api_keys`;
