-- SPDX-License-Identifier: Apache-2.0

-- The digest that we sign calls to the server with, by the name in BigBlueButton's settings.
ALTER TABLE servers ADD COLUMN checksum TEXT NOT NULL DEFAULT 'sha256'
    CHECK (checksum IN ('sha1', 'sha256', 'sha384', 'sha512'));
