-- SPDX-License-Identifier: Apache-2.0

-- What kind of failure made a server unstable or offline; empty text while it is online.
ALTER TABLE servers ADD COLUMN trouble TEXT NOT NULL DEFAULT '';
-- What a server may be given: no new meetings beyond. 0: no limit of its own.
ALTER TABLE servers ADD COLUMN max_users INTEGER NOT NULL DEFAULT 0;
ALTER TABLE servers ADD COLUMN max_meetings INTEGER NOT NULL DEFAULT 0;
ALTER TABLE servers ADD COLUMN max_intake INTEGER NOT NULL DEFAULT 0;
-- Meetings placed since intake_since, a minute at most. Changed in the transaction that claims a meeting.
ALTER TABLE servers ADD COLUMN intake INTEGER NOT NULL DEFAULT 0;
ALTER TABLE servers ADD COLUMN intake_since BIGINT NOT NULL DEFAULT 0;

-- A meeting may be LOST: its server was given up, was removed by force, or came back without it. It is opened
-- elsewhere when somebody wants it next, so its server need not exist any more.
CREATE TABLE meetings_anew (
    tenant       TEXT NOT NULL,
    meeting_id   TEXT NOT NULL,
    server_id    TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('CLAIMED', 'CONFIRMED', 'LOST')),
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
    -- The runs that it continues on another server, the latest last: claim id, colon, create time; blanks between.
    formers      TEXT NOT NULL DEFAULT '',
    -- Most people that polls saw in it.
    peak_users   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, meeting_id)
);
INSERT INTO meetings_anew (tenant, meeting_id, server_id, state, claim_id, claim_until, claimed_at, confirmed_at,
        internal_id, create_time, reservation, why, params, body_type, body, answer)
    SELECT tenant, meeting_id, server_id, state, claim_id, claim_until, claimed_at, confirmed_at,
        internal_id, create_time, reservation, why, params, body_type, body, answer
    FROM meetings;
DROP TABLE meetings;
ALTER TABLE meetings_anew RENAME TO meetings;
CREATE INDEX meetings_by_server ON meetings (server_id);
CREATE INDEX meetings_by_internal_id ON meetings (internal_id);
CREATE INDEX meetings_by_reservation ON meetings (reservation);

-- How large a room was tells how large it will be.
ALTER TABLE ended_meetings ADD COLUMN peak_users INTEGER NOT NULL DEFAULT 0;
CREATE INDEX ended_meetings_by_id ON ended_meetings (tenant, meeting_id, ended_at);

-- What happened in the cluster, for operators.
CREATE TABLE events (
    id      ${serial},
    at      BIGINT NOT NULL,
    -- A short word, such as server-offline.
    kind    TEXT NOT NULL,
    -- The server or the meeting that it happened to.
    subject TEXT NOT NULL,
    text    TEXT NOT NULL
);
CREATE INDEX events_by_time ON events (at);
