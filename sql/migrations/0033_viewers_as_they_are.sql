-- Persons' ids hardly become smaller by compression, which takes as long as putting the day together.
ALTER TABLE overview_daily ALTER viewers SET STORAGE EXTERNAL;
