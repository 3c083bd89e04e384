-- What a tenant keeps of its template, as JSON; NULL for a tenant without one.
ALTER TABLE tenant ADD COLUMN conventions TEXT;
