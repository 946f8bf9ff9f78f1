SELECT '{"nodes":[' || coalesce(group_concat('{"name":' || json_quote(anon_1.name) || ',"industry":' || json_quote(anon_1.industry) || '}', ','), '') || ']}' AS joined_1
FROM (SELECT customers_1.id AS id, customers_1.name AS name, customers_1.industry AS industry, customers_1.industry AS sm_k0, customers_1.id AS sm_k1
FROM customers AS customers_1
WHERE customers_1.deleted_at IS NULL AND customers_1.industry IS NULL AND (customers_1.id > ? OR 0 = 1) ORDER BY customers_1.industry ASC NULLS LAST, customers_1.id ASC
 LIMIT ? OFFSET ?) AS anon_1
