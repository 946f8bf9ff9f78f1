SELECT '{"nodes":[' || coalesce(group_concat('{"name":' || json_quote(anon_1.name) || '}', ','), '') || '],"totalCount":' || (SELECT CAST(count(*) AS TEXT) AS count_1
FROM customers AS customers_1
WHERE customers_1.deleted_at IS NULL AND (customers_1.owner_id = ? OR customers_1.grade = ?) AND (EXISTS (SELECT 1
FROM users AS users_1
WHERE users_1.id = customers_1.owner_id AND users_1.deleted_at IS NULL AND (users_1.team_id = ? OR users_1.id = ?) AND (EXISTS (SELECT 1
FROM teams AS teams_1
WHERE teams_1.id = users_1.team_id AND teams_1.deleted_at IS NULL AND teams_1.name = ?)))) AND (EXISTS (SELECT 1
FROM opportunities AS opportunities_1
WHERE opportunities_1.customer_id = customers_1.id AND opportunities_1.deleted_at IS NULL AND (EXISTS (SELECT 1
FROM customers AS customers_2
WHERE customers_2.id = opportunities_1.customer_id AND customers_2.deleted_at IS NULL AND (customers_2.owner_id = ? OR customers_2.grade = ?))) AND (EXISTS (SELECT 1
FROM activities AS activities_1
WHERE activities_1.opportunity_id = opportunities_1.id AND activities_1.deleted_at IS NULL AND activities_1.subject = ?)))) AND NOT (EXISTS (SELECT 1
FROM opportunities AS opportunities_2
WHERE opportunities_2.customer_id = customers_1.id AND opportunities_2.deleted_at IS NULL AND (EXISTS (SELECT 1
FROM customers AS customers_3
WHERE customers_3.id = opportunities_2.customer_id AND customers_3.deleted_at IS NULL AND (customers_3.owner_id = ? OR customers_3.grade = ?))) AND opportunities_2.name IS NULL)) AND NOT (EXISTS (SELECT 1
FROM customers AS customers_4
WHERE customers_4.id = customers_1.parent_id AND customers_4.deleted_at IS NULL AND (customers_4.owner_id = ? OR customers_4.grade = ?) AND customers_4.name = ?))) || '}' AS joined_1
FROM (SELECT customers_5.id AS id, customers_5.name AS name, customers_5.id AS sm_k0
FROM customers AS customers_5
WHERE customers_5.deleted_at IS NULL AND (customers_5.owner_id = ? OR customers_5.grade = ?) AND (EXISTS (SELECT 1
FROM users AS users_2
WHERE users_2.id = customers_5.owner_id AND users_2.deleted_at IS NULL AND (users_2.team_id = ? OR users_2.id = ?) AND (EXISTS (SELECT 1
FROM teams AS teams_2
WHERE teams_2.id = users_2.team_id AND teams_2.deleted_at IS NULL AND teams_2.name = ?)))) AND (EXISTS (SELECT 1
FROM opportunities AS opportunities_3
WHERE opportunities_3.customer_id = customers_5.id AND opportunities_3.deleted_at IS NULL AND (EXISTS (SELECT 1
FROM customers AS customers_6
WHERE customers_6.id = opportunities_3.customer_id AND customers_6.deleted_at IS NULL AND (customers_6.owner_id = ? OR customers_6.grade = ?))) AND (EXISTS (SELECT 1
FROM activities AS activities_2
WHERE activities_2.opportunity_id = opportunities_3.id AND activities_2.deleted_at IS NULL AND activities_2.subject = ?)))) AND NOT (EXISTS (SELECT 1
FROM opportunities AS opportunities_4
WHERE opportunities_4.customer_id = customers_5.id AND opportunities_4.deleted_at IS NULL AND (EXISTS (SELECT 1
FROM customers AS customers_7
WHERE customers_7.id = opportunities_4.customer_id AND customers_7.deleted_at IS NULL AND (customers_7.owner_id = ? OR customers_7.grade = ?))) AND opportunities_4.name IS NULL)) AND NOT (EXISTS (SELECT 1
FROM customers AS customers_8
WHERE customers_8.id = customers_5.parent_id AND customers_8.deleted_at IS NULL AND (customers_8.owner_id = ? OR customers_8.grade = ?) AND customers_8.name = ?)) ORDER BY customers_5.id ASC
 LIMIT ? OFFSET ?) AS anon_1
