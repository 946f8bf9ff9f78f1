SELECT coalesce((SELECT '{"grade":' || coalesce('"' || customers_1.grade || '"', 'null') || '}' AS joined_1
FROM customers AS customers_1
WHERE customers_1.id = ? AND customers_1.deleted_at IS NULL AND (customers_1.owner_id = ? OR customers_1.grade = ?)), (SELECT '{"name":' || json_quote(opportunities_1.name) || ',"owner":' || (SELECT '{"name":' || json_quote(users_1.name) || '}' AS joined_3
FROM users AS users_1
WHERE users_1.id = opportunities_1.owner_id AND users_1.deleted_at IS NULL AND (users_1.team_id = ? OR users_1.id = ?) UNION ALL SELECT 'null' LIMIT 1) || '}' AS joined_2
FROM opportunities AS opportunities_1
WHERE opportunities_1.id = ? AND opportunities_1.deleted_at IS NULL AND (EXISTS (SELECT 1
FROM customers AS customers_2
WHERE customers_2.id = opportunities_1.customer_id AND customers_2.deleted_at IS NULL AND (customers_2.owner_id = ? OR customers_2.grade = ?)))), NULL, NULL) AS coalesce_1
