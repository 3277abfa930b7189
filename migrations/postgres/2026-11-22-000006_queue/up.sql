-- What presses on an open request and who its draft waits for: a projection of the ledger, for single reads and
-- for the queue of those who decide. Requests from before get theirs when the program next starts.
CREATE TABLE standings (
    request_id uuid NOT NULL CONSTRAINT standings_request_id_fkey REFERENCES requests(id),
    governing text,
    no_date text,
    turn text,
    drafter_id uuid,
    draft jsonb,
    CONSTRAINT standings_request_id_key PRIMARY KEY (request_id),
    CONSTRAINT standings_no_date_check CHECK ((governing IS NULL) <> (no_date IS NULL)),
    CONSTRAINT standings_turn_check CHECK ((turn IS NULL) = (draft IS NULL))
);
CREATE INDEX standings_turn_idx ON standings (turn, request_id) WHERE turn IS NOT NULL;

-- Who may not take the next step of a draft: its author, and whoever took a step that must be another's.
CREATE TABLE standing_bars (
    request_id uuid NOT NULL CONSTRAINT standing_bars_request_id_fkey REFERENCES requests(id),
    user_id uuid NOT NULL,
    CONSTRAINT standing_bars_request_id_user_id_key PRIMARY KEY (request_id, user_id)
);
CREATE INDEX standing_bars_user_id_idx ON standing_bars (user_id, request_id);
