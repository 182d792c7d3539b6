# SQL over 100,000 rows in memory: rows, an index, joins, text functions, JSON, a dump.
program sqlite3 sqlite3

make_input() {
  cat >script.sql <<'SQL'
.mode csv
CREATE TABLE part(id INTEGER PRIMARY KEY, name TEXT, parent INTEGER);
WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100000)
INSERT INTO part SELECT x, 'part ' || (x * 7919 % 100003), x / 3 FROM n;
CREATE INDEX part_name ON part(name);
SELECT count(*), sum(a.id), sum(b.id) FROM part a JOIN part b ON b.id = a.parent;
SELECT a.id, b.id FROM part a JOIN part b ON a.name = 'part ' || b.id WHERE b.id < 20 ORDER BY 1;
SELECT substr(name, -1), count(*), group_concat(id % 7, '') FROM part WHERE id < 2000 GROUP BY 1 ORDER BY 1;
SELECT json_extract(json_object('a', json_array(1, 2, json_object('b', name))), '$.a[2].b') FROM part LIMIT 5;
UPDATE part SET name = upper(name) WHERE id % 17 = 0;
DELETE FROM part WHERE id % 100 <> 0;
SELECT * FROM nowhere;
.dump
SQL
}

steps() {
  fails script
  run_on script.sql script sqlite3 :memory:
  fails file
  run_on script.sql file sqlite3 parts.db
  run integrity sqlite3 parts.db 'PRAGMA integrity_check; VACUUM;'
  check same-file sha256sum parts.db
}
