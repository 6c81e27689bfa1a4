FETCH 500 FROM person_rows
