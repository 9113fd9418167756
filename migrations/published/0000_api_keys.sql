-- The keys of both planes, by hash.
CREATE TABLE `api_keys` (
  `id` text PRIMARY KEY NOT NULL,
  `hash` text NOT NULL UNIQUE CHECK (length(`hash`) = 64),
  `role` text NOT NULL CHECK (`role` IN ('storefront', 'erp', 'manager', 'approver', 'admin')),
  `customers` text CHECK (`customers` IS NULL OR json_valid(`customers`)),
  `label` text NOT NULL,
  `created_at` text NOT NULL,
  `revoked_at` text
) STRICT;
