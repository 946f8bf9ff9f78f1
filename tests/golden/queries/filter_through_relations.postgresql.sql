SELECT '{"nodes":[' || coalesce(string_agg('{"name":' || coalesce(CAST(to_json(anon_1.name) AS TEXT), 'null') || '}', ',' ORDER BY anon_1.sm_k0 ASC), '') || '],"totalCount":' || (SELECT CAST(count(*) AS TEXT) AS count_1
FROM customers AS customers_1
WHERE customers_1.deleted_at IS NULL AND (customers_1.owner_id = $1::UUID OR customers_1.grade = $2::VARCHAR) AND (EXISTS (SELECT 1
FROM users AS users_1
WHERE users_1.id = customers_1.owner_id AND users_1.deleted_at IS NULL AND (users_1.team_id = $3::UUID OR users_1.id = $4::UUID) AND (EXISTS (SELECT 1
FROM teams AS teams_1
WHERE teams_1.id = users_1.team_id AND teams_1.deleted_at IS NULL AND teams_1.name = $5::VARCHAR)))) AND (EXISTS (SELECT 1
FROM opportunities AS opportunities_1
WHERE opportunities_1.customer_id = customers_1.id AND opportunities_1.deleted_at IS NULL AND (EXISTS (SELECT 1
FROM customers AS customers_2
WHERE customers_2.id = opportunities_1.customer_id AND customers_2.deleted_at IS NULL AND (customers_2.owner_id = $6::UUID OR customers_2.grade = $7::VARCHAR))) AND (EXISTS (SELECT 1
FROM activities AS activities_1
WHERE activities_1.opportunity_id = opportunities_1.id AND activities_1.deleted_at IS NULL AND activities_1.subject = $8::VARCHAR)))) AND NOT (EXISTS (SELECT 1
FROM opportunities AS opportunities_2
WHERE opportunities_2.customer_id = customers_1.id AND opportunities_2.deleted_at IS NULL AND (EXISTS (SELECT 1
FROM customers AS customers_3
WHERE customers_3.id = opportunities_2.customer_id AND customers_3.deleted_at IS NULL AND (customers_3.owner_id = $9::UUID OR customers_3.grade = $10::VARCHAR))) AND opportunities_2.name IS NULL)) AND NOT (EXISTS (SELECT 1
FROM customers AS customers_4
WHERE customers_4.id = customers_1.parent_id AND customers_4.deleted_at IS NULL AND (customers_4.owner_id = $11::UUID OR customers_4.grade = $12::VARCHAR) AND customers_4.name = $13::VARCHAR))) || '}' AS joined_1
FROM (SELECT customers_5.id AS id, customers_5.name AS name, customers_5.id AS sm_k0
FROM customers AS customers_5
WHERE customers_5.deleted_at IS NULL AND (customers_5.owner_id = $14::UUID OR customers_5.grade = $15::VARCHAR) AND (EXISTS (SELECT 1
FROM users AS users_2
WHERE users_2.id = customers_5.owner_id AND users_2.deleted_at IS NULL AND (users_2.team_id = $16::UUID OR users_2.id = $17::UUID) AND (EXISTS (SELECT 1
FROM teams AS teams_2
WHERE teams_2.id = users_2.team_id AND teams_2.deleted_at IS NULL AND teams_2.name = $18::VARCHAR)))) AND (EXISTS (SELECT 1
FROM opportunities AS opportunities_3
WHERE opportunities_3.customer_id = customers_5.id AND opportunities_3.deleted_at IS NULL AND (EXISTS (SELECT 1
FROM customers AS customers_6
WHERE customers_6.id = opportunities_3.customer_id AND customers_6.deleted_at IS NULL AND (customers_6.owner_id = $19::UUID OR customers_6.grade = $20::VARCHAR))) AND (EXISTS (SELECT 1
FROM activities AS activities_2
WHERE activities_2.opportunity_id = opportunities_3.id AND activities_2.deleted_at IS NULL AND activities_2.subject = $21::VARCHAR)))) AND NOT (EXISTS (SELECT 1
FROM opportunities AS opportunities_4
WHERE opportunities_4.customer_id = customers_5.id AND opportunities_4.deleted_at IS NULL AND (EXISTS (SELECT 1
FROM customers AS customers_7
WHERE customers_7.id = opportunities_4.customer_id AND customers_7.deleted_at IS NULL AND (customers_7.owner_id = $22::UUID OR customers_7.grade = $23::VARCHAR))) AND opportunities_4.name IS NULL)) AND NOT (EXISTS (SELECT 1
FROM customers AS customers_8
WHERE customers_8.id = customers_5.parent_id AND customers_8.deleted_at IS NULL AND (customers_8.owner_id = $24::UUID OR customers_8.grade = $25::VARCHAR) AND customers_8.name = $26::VARCHAR)) ORDER BY customers_5.id ASC
 LIMIT $27::INTEGER) AS anon_1
