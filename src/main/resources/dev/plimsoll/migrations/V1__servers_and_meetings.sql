-- SPDX-License-Identifier: Apache-2.0
-- Times are epoch milliseconds. Both engines understand everything here.

-- What people set (address to admission) and what polls saw (health and after).
CREATE TABLE servers (
    id            TEXT PRIMARY KEY,
    api           TEXT NOT NULL UNIQUE,
    secret        TEXT NOT NULL,
    weight        DOUBLE PRECISION NOT NULL,
    tags          TEXT NOT NULL,
    admission     TEXT NOT NULL CHECK (admission IN ('ENABLED', 'CORDONED', 'DRAINING', 'DISABLED')),
    created_at    BIGINT NOT NULL,
    health        TEXT NOT NULL CHECK (health IN ('ONLINE', 'UNSTABLE', 'OFFLINE')),
    failures      INTEGER NOT NULL,
    successes     INTEGER NOT NULL,
    health_since  BIGINT NOT NULL,
    health_reason TEXT NOT NULL,
    version       TEXT NOT NULL,
    meetings      INTEGER NOT NULL,
    users         INTEGER NOT NULL,
    voices        INTEGER NOT NULL,
    videos        INTEGER NOT NULL,
    largest       INTEGER NOT NULL,
    polled_at     BIGINT NOT NULL,
    -- What young meetings are expected to need; decays by half-life from reserved_at on.
    -- Changed only in the transaction that claims or releases a meeting.
    reserved      DOUBLE PRECISION NOT NULL,
    reserved_at   BIGINT NOT NULL
);

-- The last usable getMeetings answer of a server, to fill in for it while it is silent.
CREATE TABLE server_answers (
    server_id TEXT PRIMARY KEY REFERENCES servers (id) ON DELETE CASCADE,
    body      ${bytes} NOT NULL
);

-- Which meeting runs on which server. Invariant: at most one row per tenant and meeting id, by the primary key;
-- it decides every race. A claimed row names a server that may or may not have been asked yet.
CREATE TABLE meetings (
    tenant       TEXT NOT NULL,
    meeting_id   TEXT NOT NULL,
    server_id    TEXT NOT NULL REFERENCES servers (id),
    state        TEXT NOT NULL CHECK (state IN ('CLAIMED', 'CONFIRMED')),
    claim_id     TEXT NOT NULL,
    claim_until  BIGINT NOT NULL,
    claimed_at   BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    internal_id  TEXT NOT NULL,
    create_time  BIGINT NOT NULL,
    reservation  DOUBLE PRECISION NOT NULL,
    -- Why it was placed there, in words for an operator.
    why          TEXT NOT NULL,
    -- How it was created, to open it once more elsewhere; and what the server answered.
    params       TEXT NOT NULL,
    body_type    TEXT NOT NULL,
    body         ${bytes} NOT NULL,
    answer       TEXT NOT NULL,
    PRIMARY KEY (tenant, meeting_id)
);
CREATE INDEX meetings_by_server ON meetings (server_id);
CREATE INDEX meetings_by_internal_id ON meetings (internal_id);

-- Meetings that must not run on a server: created there by a call whose answer was lost, or ended by us.
-- internal_id is empty while we do not know whether, and as what, the server has it.
CREATE TABLE strays (
    server_id   TEXT NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    scoped_id   TEXT NOT NULL,
    internal_id TEXT NOT NULL,
    cause       TEXT NOT NULL CHECK (cause IN ('ANSWER_LOST', 'ENDED')),
    since       BIGINT NOT NULL,
    PRIMARY KEY (server_id, scoped_id, internal_id)
);

-- What was, for accounting and for people who ask where a meeting went.
CREATE TABLE ended_meetings (
    tenant      TEXT NOT NULL,
    meeting_id  TEXT NOT NULL,
    internal_id TEXT NOT NULL,
    server_id   TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL,
    reason      TEXT NOT NULL
);
CREATE INDEX ended_meetings_by_end ON ended_meetings (ended_at);
