-- A number that was written on paper is looked up by its text: no two notices of an agency bear the same.
CREATE UNIQUE INDEX document_numbers_agency_id_text_key ON document_numbers (agency_id, text);
