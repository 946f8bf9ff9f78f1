SELECT '{"nodes":[' || coalesce(group_concat('{"name":' || json_quote(anon_1.name) || ',"opportunities":' || (SELECT '{"aggregate":' || (SELECT '{"sum":{"amount":' || coalesce('"' || sm_decimal(sm_halves(sum(anon_2.m_amount >> 32), sum(anon_2.m_amount & 4294967295)), 2) || '"', 'null') || '}}' AS joined_3
FROM (SELECT 1 AS one, opportunities_1.amount AS m_amount
FROM opportunities AS opportunities_1
WHERE opportunities_1.deleted_at IS NULL AND (EXISTS (SELECT 1
FROM customers AS customers_1
WHERE customers_1.id = opportunities_1.customer_id AND customers_1.deleted_at IS NULL AND (customers_1.owner_id = ? OR customers_1.grade = ?))) AND opportunities_1.customer_id = anon_1.id) AS anon_2) || '}' AS joined_2) || '}', ','), '') || '],"aggregate":' || (SELECT '{"count":' || CAST(count(*) AS TEXT) || '}' AS joined_4
FROM (SELECT 1 AS one
FROM customers AS customers_2
WHERE customers_2.deleted_at IS NULL AND (customers_2.owner_id = ? OR customers_2.grade = ?) AND customers_2.grade IN (SELECT anon_4.value
FROM json_each(?) AS anon_4)) AS anon_3) || '}' AS joined_1
FROM (SELECT customers_3.id AS id, customers_3.name AS name, customers_3.id AS sm_k0
FROM customers AS customers_3
WHERE customers_3.deleted_at IS NULL AND (customers_3.owner_id = ? OR customers_3.grade = ?) AND customers_3.grade IN (SELECT anon_5.value
FROM json_each(?) AS anon_5) ORDER BY customers_3.id ASC
 LIMIT ? OFFSET ?) AS anon_1
