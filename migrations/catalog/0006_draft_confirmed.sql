-- Whether the snapshot of a draft goes live whatever the guard would say.
ALTER TABLE `drafts` ADD COLUMN `confirmed` INTEGER DEFAULT 0 NOT NULL CHECK (`confirmed` IN (0, 1));
