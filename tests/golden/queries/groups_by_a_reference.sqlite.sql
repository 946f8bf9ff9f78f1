SELECT (SELECT CASE WHEN (count(*) <= ?) THEN '[' || coalesce(group_concat('{"key":{"owner":' || (SELECT '{"name":' || json_quote(users_1.name) || '}' AS joined_1
FROM users AS users_1
WHERE users_1.id = anon_3.g0 AND users_1.deleted_at IS NULL AND (users_1.team_id = ? OR users_1.id = ?) UNION ALL SELECT 'null' LIMIT 1) || '},"count":' || anon_3.n || ',"sum":{"amount":' || anon_3.sum_amount || '},"avg":{"amount":' || anon_3.avg_amount || '},"countDistinct":{"customer":' || anon_3."countDistinct_customer" || '}}', ','), '') || ']' END AS anon_2
FROM (SELECT anon_4.g0 AS g0, CAST(count(*) AS TEXT) AS n, coalesce('"' || sm_decimal(sm_halves(sum(anon_4.m_amount >> 32), sum(anon_4.m_amount & 4294967295)), 2) || '"', 'null') AS sum_amount, coalesce('"' || sm_average(sm_halves(sum(anon_4.m_amount >> 32), sum(anon_4.m_amount & 4294967295)), count(anon_4.m_amount), 2) || '"', 'null') AS avg_amount, CAST(count(DISTINCT anon_4.m_customer) AS TEXT) AS "countDistinct_customer", sm_ordered(sm_halves(sum(anon_4.m_amount >> 32), sum(anon_4.m_amount & 4294967295))) AS o0, anon_4.g0 AS o1
FROM (SELECT 1 AS one, CASE WHEN (EXISTS (SELECT 1
FROM users AS users_2
WHERE users_2.id = opportunities_1.owner_id AND users_2.deleted_at IS NULL AND (users_2.team_id = ? OR users_2.id = ?))) THEN opportunities_1.owner_id END AS g0, opportunities_1.amount AS m_amount, CASE WHEN (EXISTS (SELECT 1
FROM customers AS customers_1
WHERE customers_1.id = opportunities_1.customer_id AND customers_1.deleted_at IS NULL AND (customers_1.owner_id = ? OR customers_1.grade = ?))) THEN opportunities_1.customer_id END AS m_customer
FROM opportunities AS opportunities_1
WHERE opportunities_1.deleted_at IS NULL AND (EXISTS (SELECT 1
FROM customers AS customers_2
WHERE customers_2.id = opportunities_1.customer_id AND customers_2.deleted_at IS NULL AND (customers_2.owner_id = ? OR customers_2.grade = ?)))) AS anon_4 GROUP BY anon_4.g0 ORDER BY sm_ordered(sm_halves(sum(anon_4.m_amount >> 32), sum(anon_4.m_amount & 4294967295))) DESC NULLS LAST, anon_4.g0 ASC NULLS LAST
 LIMIT ? OFFSET ?) AS anon_3) AS anon_1
