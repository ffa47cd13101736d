-- SPDX-License-Identifier: Apache-2.0

-- Counts the changes of a server: who chose it from memory gives it a meeting only if it is still as it was.
ALTER TABLE servers ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
-- Each create asks which servers may still have a meeting of its id.
CREATE INDEX strays_by_scoped_id ON strays (scoped_id);
-- Nobody asks by it, and it made each create write two more pages.
DROP INDEX meetings_by_internal_id;
