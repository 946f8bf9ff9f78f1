SELECT (SELECT CASE WHEN (count(*) <= $1::INTEGER) THEN '[' || coalesce(string_agg('{"key":{"owner":' || coalesce((SELECT '{"name":' || coalesce(CAST(to_json(users_1.name) AS TEXT), 'null') || '}' AS joined_1
FROM users AS users_1
WHERE users_1.id = anon_3.g0 AND users_1.deleted_at IS NULL AND (users_1.team_id = $2::UUID OR users_1.id = $3::UUID)), 'null') || '},"count":' || anon_3.n || ',"sum":{"amount":' || anon_3.sum_amount || '},"avg":{"amount":' || anon_3.avg_amount || '},"countDistinct":{"customer":' || anon_3."countDistinct_customer" || '}}', ',' ORDER BY anon_3.o0 DESC NULLS LAST, anon_3.o1 ASC NULLS LAST), '') || ']' END AS anon_2
FROM (SELECT anon_4.g0 AS g0, CAST(count(*) AS TEXT) AS n, coalesce('"' || CAST(sum(anon_4.m_amount) AS TEXT) || '"', 'null') AS sum_amount, coalesce('"' || CAST(CAST((div(CAST(sum(anon_4.m_amount) AS NUMERIC) * 1000000, nullif(count(anon_4.m_amount), 0)) + CASE WHEN (abs(CAST(sum(anon_4.m_amount) AS NUMERIC) * 1000000 - div(CAST(sum(anon_4.m_amount) AS NUMERIC) * 1000000, nullif(count(anon_4.m_amount), 0)) * nullif(count(anon_4.m_amount), 0)) * 2 > nullif(count(anon_4.m_amount), 0) OR abs(CAST(sum(anon_4.m_amount) AS NUMERIC) * 1000000 - div(CAST(sum(anon_4.m_amount) AS NUMERIC) * 1000000, nullif(count(anon_4.m_amount), 0)) * nullif(count(anon_4.m_amount), 0)) * 2 = nullif(count(anon_4.m_amount), 0) AND mod(div(CAST(sum(anon_4.m_amount) AS NUMERIC) * 1000000, nullif(count(anon_4.m_amount), 0)), 2) != 0) THEN sign(CAST(sum(anon_4.m_amount) AS NUMERIC) * 1000000) ELSE 0 END) * 0.000001 AS NUMERIC(38, 6)) AS TEXT) || '"', 'null') AS avg_amount, CAST(count(DISTINCT anon_4.m_customer) AS TEXT) AS "countDistinct_customer", sum(anon_4.m_amount) AS o0, anon_4.g0 AS o1
FROM (SELECT 1 AS one, CASE WHEN (EXISTS (SELECT 1
FROM users AS users_2
WHERE users_2.id = opportunities_1.owner_id AND users_2.deleted_at IS NULL AND (users_2.team_id = $4::UUID OR users_2.id = $5::UUID))) THEN opportunities_1.owner_id END AS g0, opportunities_1.amount AS m_amount, CASE WHEN (EXISTS (SELECT 1
FROM customers AS customers_1
WHERE customers_1.id = opportunities_1.customer_id AND customers_1.deleted_at IS NULL AND (customers_1.owner_id = $6::UUID OR customers_1.grade = $7::VARCHAR))) THEN opportunities_1.customer_id END AS m_customer
FROM opportunities AS opportunities_1
WHERE opportunities_1.deleted_at IS NULL AND (EXISTS (SELECT 1
FROM customers AS customers_2
WHERE customers_2.id = opportunities_1.customer_id AND customers_2.deleted_at IS NULL AND (customers_2.owner_id = $8::UUID OR customers_2.grade = $9::VARCHAR)))) AS anon_4 GROUP BY anon_4.g0 ORDER BY sum(anon_4.m_amount) DESC NULLS LAST, anon_4.g0 ASC NULLS LAST
 LIMIT $10::INTEGER) AS anon_3) AS anon_1
