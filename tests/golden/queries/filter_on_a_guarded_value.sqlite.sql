SELECT '{"nodes":[' || coalesce(group_concat('{"name":' || json_quote(anon_1.name) || '}', ','), '') || ']}' AS joined_1
FROM (SELECT customers_1.id AS id, customers_1.name AS name, customers_1.id AS sm_k0
FROM customers AS customers_1
WHERE customers_1.deleted_at IS NULL AND (customers_1.owner_id = ? OR customers_1.grade = ?) AND (customers_1.owner_id = ? AND customers_1.wechat >= ? AND customers_1.wechat < ? OR (customers_1.owner_id = ? AND customers_1.revenue IS NOT NULL) IS NOT 1) ORDER BY customers_1.id ASC
 LIMIT ? OFFSET ?) AS anon_1
