SELECT '{"nodes":[' || coalesce(group_concat('{"name":' || json_quote(anon_1.name) || ',"owner":' || (SELECT '{"name":' || json_quote(users_1.name) || '}' AS joined_2
FROM users AS users_1
WHERE users_1.id = anon_1.owner_id AND users_1.deleted_at IS NULL UNION ALL SELECT 'null' LIMIT 1) || ',"opportunities":' || (SELECT '{"nodes":[' || coalesce(group_concat('{"name":' || json_quote(anon_2.name) || ',"amount":' || CASE WHEN (anon_2.amount IS NOT NULL) THEN printf('"%s%d.%02d"', CASE WHEN (anon_2.amount < 0) THEN '-' ELSE '' END, abs(anon_2.amount) / 100, abs(anon_2.amount) % 100) ELSE 'null' END || ',"activities":' || (SELECT '{"nodes":[' || coalesce(group_concat('{"subject":' || json_quote(anon_3.subject) || ',"at":' || coalesce('"' || replace(anon_3.at, '.000000Z', 'Z') || '"', 'null') || '}', ','), '') || ']}' AS joined_4
FROM (SELECT activities_1.id AS id, activities_1.subject AS subject, activities_1.at AS at, activities_1.id AS sm_k0
FROM activities AS activities_1
WHERE activities_1.deleted_at IS NULL AND activities_1.opportunity_id = anon_2.id ORDER BY activities_1.id ASC
 LIMIT ? OFFSET ?) AS anon_3) || '}', ','), '') || '],"totalCount":' || (SELECT CAST(count(*) AS TEXT) AS count_1
FROM opportunities AS opportunities_1
WHERE opportunities_1.deleted_at IS NULL AND opportunities_1.customer_id = anon_1.id) || '}' AS joined_3
FROM (SELECT opportunities_2.id AS id, opportunities_2.name AS name, opportunities_2.amount AS amount, opportunities_2.amount AS sm_k0, opportunities_2.id AS sm_k1
FROM opportunities AS opportunities_2
WHERE opportunities_2.deleted_at IS NULL AND opportunities_2.customer_id = anon_1.id ORDER BY opportunities_2.amount DESC NULLS LAST, opportunities_2.id ASC
 LIMIT ? OFFSET ?) AS anon_2) || '}', ',') FILTER (WHERE anon_1.sm_number <= ?), '') || '],"totalCount":' || (SELECT CAST(count(*) AS TEXT) AS count_2
FROM customers AS customers_1
WHERE customers_1.deleted_at IS NULL) || ',"pageInfo":{"hasNextPage":' || CASE WHEN (count(*) > ?) THEN 'true' ELSE 'false' END || ',"hasPreviousPage":false,"endCursor":' || json_quote(max('["b4f85fe4907c",' || CASE WHEN (anon_1.sm_k0 IS NOT NULL) THEN printf('"%s%d.%02d"', CASE WHEN (anon_1.sm_k0 < 0) THEN '-' ELSE '' END, abs(anon_1.sm_k0) / 100, abs(anon_1.sm_k0) % 100) ELSE 'null' END || ',' || coalesce('"' || anon_1.sm_k1 || '"', 'null') || ']') FILTER (WHERE anon_1.sm_number = CASE WHEN (anon_1.sm_count < ?) THEN anon_1.sm_count ELSE ? END AND anon_1.sm_number <= ?)) || '}}' AS joined_1
FROM (SELECT anon_4.id AS id, anon_4.name AS name, anon_4.owner_id AS owner_id, anon_4.sm_k0 AS sm_k0, anon_4.sm_k1 AS sm_k1, row_number() OVER (ORDER BY anon_4.sm_k0 DESC NULLS LAST, anon_4.sm_k1 ASC) AS sm_number, count(*) OVER () AS sm_count
FROM (SELECT customers_2.id AS id, customers_2.name AS name, customers_2.owner_id AS owner_id, customers_2.revenue AS sm_k0, customers_2.id AS sm_k1
FROM customers AS customers_2
WHERE customers_2.deleted_at IS NULL ORDER BY customers_2.revenue DESC NULLS LAST, customers_2.id ASC
 LIMIT ? OFFSET ?) AS anon_4 ORDER BY anon_4.sm_k0 DESC NULLS LAST, anon_4.sm_k1 ASC
 LIMIT 1001 OFFSET ?) AS anon_1
