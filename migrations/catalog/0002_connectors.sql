-- What a connector saw when it last read its ERP whole, so that it need not read again what has not changed.
CREATE TABLE `connector_states` (
  `connector` TEXT PRIMARY KEY NOT NULL,
  `fingerprint` TEXT NOT NULL,
  `read_at` INTEGER NOT NULL CHECK (`read_at` >= 0)
) STRICT, WITHOUT ROWID;
