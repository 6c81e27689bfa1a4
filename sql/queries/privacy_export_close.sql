CLOSE person_rows
