-- SPDX-License-Identifier: Apache-2.0

-- On which server a recording was seen last. A hint, no truth: the server says what it has.
CREATE TABLE recording_hints (
    record_id TEXT PRIMARY KEY,
    server_id TEXT NOT NULL REFERENCES servers (id) ON DELETE CASCADE
);
CREATE INDEX recording_hints_by_server ON recording_hints (server_id);
