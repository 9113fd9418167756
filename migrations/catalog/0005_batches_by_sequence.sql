-- When a version came in: how old a price is.
CREATE INDEX `batches_by_sequence` ON `batches` (`sequence`, `at`) WHERE `sequence` IS NOT NULL;
