-- Who holds which snapshot, so that what it needs is kept.
CREATE TABLE `pins` (
  `snapshot` text NOT NULL,
  `holder` text NOT NULL,
  `until` text,
  PRIMARY KEY (`snapshot`, `holder`)
) STRICT, WITHOUT ROWID;
