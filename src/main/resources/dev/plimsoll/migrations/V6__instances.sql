-- SPDX-License-Identifier: Apache-2.0

-- The instances that share this database, and when each was last heard of, by the database's clock.
CREATE TABLE instances (
    id      TEXT PRIMARY KEY,
    seen_at BIGINT NOT NULL
);
