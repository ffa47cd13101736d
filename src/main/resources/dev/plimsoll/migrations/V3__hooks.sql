-- SPDX-License-Identifier: Apache-2.0

-- Whom frontends want to be told of events. Invariant: one per tenant, address and meeting.
CREATE TABLE hooks (
    id           TEXT PRIMARY KEY,
    tenant       TEXT NOT NULL,
    callback_url TEXT NOT NULL,
    -- The tenant's own id; empty text for the events of all meetings.
    meeting_id   TEXT NOT NULL,
    -- In lower case, separated by commas; empty text for all events.
    event_ids    TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('MAPPED', 'RAW')),
    created_at   BIGINT NOT NULL,
    -- Its meeting is over: from then on it hears of nothing, and goes when all is delivered. 0: it stays.
    leaves_at    BIGINT NOT NULL,
    -- How often its first delivery failed, and when that is tried again.
    failures     INTEGER NOT NULL,
    due          BIGINT NOT NULL
);
CREATE UNIQUE INDEX hooks_by_target ON hooks (tenant, callback_url, meeting_id);

-- What must still be told to whom, in the order of seq for each hook. Written in the transaction that writes
-- seen_events: so each event is there once for each hook.
CREATE TABLE deliveries (
    hook_id TEXT NOT NULL REFERENCES hooks (id) ON DELETE CASCADE,
    seq     BIGINT NOT NULL,
    event   TEXT NOT NULL,
    stamp   BIGINT NOT NULL,
    PRIMARY KEY (hook_id, seq)
);

-- Events that servers told us of, for as long as they may tell them again.
CREATE TABLE seen_events (
    server_id TEXT NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    digest    TEXT NOT NULL,
    seen_at   BIGINT NOT NULL,
    PRIMARY KEY (server_id, digest)
);
CREATE INDEX seen_events_by_time ON seen_events (seen_at);

-- The unguessable part of the address under which each server tells us of events.
CREATE TABLE hook_tokens (
    server_id TEXT PRIMARY KEY REFERENCES servers (id) ON DELETE CASCADE,
    token     TEXT NOT NULL UNIQUE
);
