SELECT '{"nodes":[' || coalesce(string_agg('{"name":' || coalesce(CAST(to_json(anon_1.name) AS TEXT), 'null') || ',"owner":' || coalesce((SELECT '{"name":' || coalesce(CAST(to_json(users_1.name) AS TEXT), 'null') || '}' AS joined_2
FROM users AS users_1
WHERE users_1.id = anon_1.owner_id AND users_1.deleted_at IS NULL), 'null') || ',"opportunities":' || (SELECT '{"nodes":[' || coalesce(string_agg('{"name":' || coalesce(CAST(to_json(anon_2.name) AS TEXT), 'null') || ',"amount":' || coalesce('"' || CAST(anon_2.amount AS TEXT) || '"', 'null') || ',"activities":' || (SELECT '{"nodes":[' || coalesce(string_agg('{"subject":' || coalesce(CAST(to_json(anon_3.subject) AS TEXT), 'null') || ',"at":' || coalesce('"' || replace(to_char(timezone('UTC', anon_3.at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '.000000Z', 'Z') || '"', 'null') || '}', ',' ORDER BY anon_3.sm_k0 ASC), '') || ']}' AS joined_4
FROM (SELECT activities_1.id AS id, activities_1.subject AS subject, activities_1.at AS at, activities_1.id AS sm_k0
FROM activities AS activities_1
WHERE activities_1.deleted_at IS NULL AND activities_1.opportunity_id = anon_2.id ORDER BY activities_1.id ASC
 LIMIT $1::INTEGER) AS anon_3) || '}', ',' ORDER BY anon_2.sm_k0 DESC NULLS LAST, anon_2.sm_k1 ASC), '') || '],"totalCount":' || (SELECT CAST(count(*) AS TEXT) AS count_1
FROM opportunities AS opportunities_1
WHERE opportunities_1.deleted_at IS NULL AND opportunities_1.customer_id = anon_1.id) || '}' AS joined_3
FROM (SELECT opportunities_2.id AS id, opportunities_2.name AS name, opportunities_2.amount AS amount, opportunities_2.amount AS sm_k0, opportunities_2.id AS sm_k1
FROM opportunities AS opportunities_2
WHERE opportunities_2.deleted_at IS NULL AND opportunities_2.customer_id = anon_1.id ORDER BY opportunities_2.amount DESC NULLS LAST, opportunities_2.id ASC
 LIMIT $2::INTEGER) AS anon_2) || '}', ',' ORDER BY anon_1.sm_k0 DESC NULLS LAST, anon_1.sm_k1 ASC) FILTER (WHERE anon_1.sm_number <= $3::INTEGER), '') || '],"totalCount":' || (SELECT CAST(count(*) AS TEXT) AS count_2
FROM customers AS customers_1
WHERE customers_1.deleted_at IS NULL) || ',"pageInfo":{"hasNextPage":' || CASE WHEN (count(*) > $4::INTEGER) THEN 'true' ELSE 'false' END || ',"hasPreviousPage":false,"endCursor":' || coalesce(CAST(to_json(max('["b4f85fe4907c",' || coalesce('"' || CAST(anon_1.sm_k0 AS TEXT) || '"', 'null') || ',' || coalesce('"' || CAST(anon_1.sm_k1 AS TEXT) || '"', 'null') || ']') FILTER (WHERE anon_1.sm_number = CASE WHEN (anon_1.sm_count < $5::INTEGER) THEN anon_1.sm_count ELSE $5::INTEGER END AND anon_1.sm_number <= $6::INTEGER)) AS TEXT), 'null') || '}}' AS joined_1
FROM (SELECT anon_4.id AS id, anon_4.name AS name, anon_4.owner_id AS owner_id, anon_4.sm_k0 AS sm_k0, anon_4.sm_k1 AS sm_k1, row_number() OVER (ORDER BY anon_4.sm_k0 DESC NULLS LAST, anon_4.sm_k1 ASC) AS sm_number, count(*) OVER () AS sm_count
FROM (SELECT customers_2.id AS id, customers_2.name AS name, customers_2.owner_id AS owner_id, customers_2.revenue AS sm_k0, customers_2.id AS sm_k1
FROM customers AS customers_2
WHERE customers_2.deleted_at IS NULL ORDER BY customers_2.revenue DESC NULLS LAST, customers_2.id ASC
 LIMIT $7::INTEGER) AS anon_4 ORDER BY anon_4.sm_k0 DESC NULLS LAST, anon_4.sm_k1 ASC
 LIMIT 1001) AS anon_1
