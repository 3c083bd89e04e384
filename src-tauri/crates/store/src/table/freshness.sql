-- Why the last refresh failed is the error itself, as JSON: the window has its own words for it. A sentence that was noted
-- before becomes one that nobody tells apart. Beside it: how many rows of the server's list could not be understood.
ALTER TABLE remote_tenant ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0;
UPDATE remote_tenant SET problem = json_object('code', 'failed', 'message', problem, 'hint', NULL)
WHERE problem IS NOT NULL;
