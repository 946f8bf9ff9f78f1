SELECT '{"nodes":[' || coalesce(string_agg('{"name":' || coalesce(CAST(to_json(anon_1.name) AS TEXT), 'null') || ',"industry":' || coalesce(CAST(to_json(anon_1.industry) AS TEXT), 'null') || '}', ',' ORDER BY anon_1.sm_k0 ASC NULLS LAST, anon_1.sm_k1 ASC), '') || ']}' AS joined_1
FROM (SELECT customers_1.id AS id, customers_1.name AS name, customers_1.industry AS industry, customers_1.industry AS sm_k0, customers_1.id AS sm_k1
FROM customers AS customers_1
WHERE customers_1.deleted_at IS NULL AND customers_1.industry IS NULL AND (customers_1.id > $1::UUID OR false) ORDER BY customers_1.industry ASC NULLS LAST, customers_1.id ASC
 LIMIT $2::INTEGER) AS anon_1
