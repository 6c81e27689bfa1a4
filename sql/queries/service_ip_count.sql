-- Addresses that are not encrypted with the key $1 (hexadecimal); those in quarantine not counted.
SELECT (SELECT count(*) FROM user_sessions WHERE substring(ip_address_encrypted FROM 2 FOR 4) <> decode($1::text, 'hex'))
  + (SELECT count(*) FROM hit_contexts WHERE substring(ip_address_encrypted FROM 2 FOR 4) <> decode($1::text, 'hex'))
