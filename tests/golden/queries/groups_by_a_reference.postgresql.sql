SELECT (SELECT '[' || coalesce(string_agg('{"key":{"owner":' || coalesce((SELECT '{"name":' || coalesce(CAST(to_json(users_1.name) AS TEXT), 'null') || '}' AS joined_2
FROM users AS users_1
WHERE users_1.id = anon_2.g0 AND users_1.deleted_at IS NULL AND (users_1.team_id = $1::UUID OR users_1.id = $2::UUID)), 'null') || '},"count":' || anon_2.n || ',"sum":{"amount":' || anon_2.sum_amount || '},"avg":{"amount":' || anon_2.avg_amount || '},"countDistinct":{"customer":' || anon_2."countDistinct_customer" || '}}', ',' ORDER BY anon_2.o0 DESC NULLS LAST, anon_2.o1 ASC NULLS LAST), '') || ']' AS joined_1
FROM (SELECT anon_3.g0 AS g0, CAST(count(*) AS TEXT) AS n, coalesce('"' || CAST(sum(anon_3.m_amount) AS TEXT) || '"', 'null') AS sum_amount, coalesce('"' || CAST(CAST((div(CAST(sum(anon_3.m_amount) AS NUMERIC) * 1000000, nullif(count(anon_3.m_amount), 0)) + CASE WHEN (abs(CAST(sum(anon_3.m_amount) AS NUMERIC) * 1000000 - div(CAST(sum(anon_3.m_amount) AS NUMERIC) * 1000000, nullif(count(anon_3.m_amount), 0)) * nullif(count(anon_3.m_amount), 0)) * 2 > nullif(count(anon_3.m_amount), 0) OR abs(CAST(sum(anon_3.m_amount) AS NUMERIC) * 1000000 - div(CAST(sum(anon_3.m_amount) AS NUMERIC) * 1000000, nullif(count(anon_3.m_amount), 0)) * nullif(count(anon_3.m_amount), 0)) * 2 = nullif(count(anon_3.m_amount), 0) AND mod(div(CAST(sum(anon_3.m_amount) AS NUMERIC) * 1000000, nullif(count(anon_3.m_amount), 0)), 2) != 0) THEN sign(CAST(sum(anon_3.m_amount) AS NUMERIC) * 1000000) ELSE 0 END) / CAST(1000000 AS NUMERIC) AS NUMERIC(38, 6)) AS TEXT) || '"', 'null') AS avg_amount, CAST(count(DISTINCT anon_3.m_customer) AS TEXT) AS "countDistinct_customer", sum(anon_3.m_amount) AS o0, anon_3.g0 AS o1
FROM (SELECT 1 AS one, CASE WHEN (EXISTS (SELECT 1
FROM users AS users_2
WHERE users_2.id = opportunities_1.owner_id AND users_2.deleted_at IS NULL AND (users_2.team_id = $3::UUID OR users_2.id = $4::UUID))) THEN opportunities_1.owner_id END AS g0, opportunities_1.amount AS m_amount, CASE WHEN (EXISTS (SELECT 1
FROM customers AS customers_1
WHERE customers_1.id = opportunities_1.customer_id AND customers_1.deleted_at IS NULL AND (customers_1.owner_id = $5::UUID OR customers_1.grade = $6::VARCHAR))) THEN opportunities_1.customer_id END AS m_customer
FROM opportunities AS opportunities_1
WHERE opportunities_1.deleted_at IS NULL AND (EXISTS (SELECT 1
FROM customers AS customers_2
WHERE customers_2.id = opportunities_1.customer_id AND customers_2.deleted_at IS NULL AND (customers_2.owner_id = $7::UUID OR customers_2.grade = $8::VARCHAR)))) AS anon_3 GROUP BY anon_3.g0 ORDER BY sum(anon_3.m_amount) DESC NULLS LAST, anon_3.g0 ASC NULLS LAST
 LIMIT $9::INTEGER) AS anon_2) AS anon_1
