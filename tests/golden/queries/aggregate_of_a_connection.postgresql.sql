SELECT '{"nodes":[' || coalesce(string_agg('{"name":' || coalesce(CAST(to_json(anon_1.name) AS TEXT), 'null') || ',"opportunities":' || (SELECT '{"aggregate":' || (SELECT '{"sum":{"amount":' || coalesce('"' || CAST(sum(anon_2.m_amount) AS TEXT) || '"', 'null') || '}}' AS joined_3
FROM (SELECT 1 AS one, opportunities_1.amount AS m_amount
FROM opportunities AS opportunities_1
WHERE opportunities_1.deleted_at IS NULL AND (EXISTS (SELECT 1
FROM customers AS customers_1
WHERE customers_1.id = opportunities_1.customer_id AND customers_1.deleted_at IS NULL AND (customers_1.owner_id = $1::UUID OR customers_1.grade = $2::VARCHAR))) AND opportunities_1.customer_id = anon_1.id) AS anon_2) || '}' AS joined_2) || '}', ',' ORDER BY anon_1.sm_k0 ASC), '') || '],"aggregate":' || (SELECT '{"count":' || CAST(count(*) AS TEXT) || '}' AS joined_4
FROM (SELECT 1 AS one
FROM customers AS customers_2
WHERE customers_2.deleted_at IS NULL AND (customers_2.owner_id = $3::UUID OR customers_2.grade = $4::VARCHAR) AND customers_2.grade = any($5::TEXT[])) AS anon_3) || '}' AS joined_1
FROM (SELECT customers_3.id AS id, customers_3.name AS name, customers_3.id AS sm_k0
FROM customers AS customers_3
WHERE customers_3.deleted_at IS NULL AND (customers_3.owner_id = $6::UUID OR customers_3.grade = $7::VARCHAR) AND customers_3.grade = any($8::TEXT[]) ORDER BY customers_3.id ASC
 LIMIT $9::INTEGER) AS anon_1
