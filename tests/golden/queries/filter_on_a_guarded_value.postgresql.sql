SELECT '{"nodes":[' || coalesce(string_agg('{"name":' || coalesce(CAST(to_json(anon_1.name) AS TEXT), 'null') || '}', ',' ORDER BY anon_1.sm_k0 ASC), '') || ']}' AS joined_1
FROM (SELECT customers_1.id AS id, customers_1.name AS name, customers_1.id AS sm_k0
FROM customers AS customers_1
WHERE customers_1.deleted_at IS NULL AND (customers_1.owner_id = $1::UUID OR customers_1.grade = $2::VARCHAR) AND (customers_1.owner_id = $3::UUID AND customers_1.wechat >= $4::VARCHAR AND customers_1.wechat < $5::VARCHAR OR (customers_1.owner_id = $6::UUID AND customers_1.revenue IS NOT NULL) IS NOT true) ORDER BY customers_1.id ASC
 LIMIT $7::INTEGER) AS anon_1
