
-- The words of the search's index, by which a beginning is completed.
CREATE VIRTUAL TABLE search_word USING fts5vocab (search, row);
