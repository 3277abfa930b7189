-- What presses on an open request and who its draft waits for: a projection of the ledger, for single reads and
-- for the queue of those who decide. Requests from before get theirs when the program next starts.
CREATE TABLE standings (
    request_id BLOB NOT NULL REFERENCES requests(id) CHECK (length(request_id) = 16),
    governing TEXT,
    no_date TEXT,
    turn TEXT,
    drafter_id BLOB CHECK (length(drafter_id) = 16),
    draft TEXT CHECK (json_valid(draft)),
    CONSTRAINT standings_request_id_key PRIMARY KEY (request_id),
    CONSTRAINT standings_no_date_check CHECK ((governing IS NULL) <> (no_date IS NULL)),
    CONSTRAINT standings_turn_check CHECK ((turn IS NULL) = (draft IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX standings_turn_idx ON standings (turn, request_id) WHERE turn IS NOT NULL;

-- Who may not take the next step of a draft: its author, and whoever took a step that must be another's.
CREATE TABLE standing_bars (
    request_id BLOB NOT NULL REFERENCES requests(id) CHECK (length(request_id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    CONSTRAINT standing_bars_request_id_user_id_key PRIMARY KEY (request_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX standing_bars_user_id_idx ON standing_bars (user_id, request_id);
