SELECT coalesce((SELECT '{"grade":' || coalesce('"' || customers_1.grade || '"', 'null') || '}' AS joined_1
FROM customers AS customers_1
WHERE customers_1.id = $1::UUID AND customers_1.deleted_at IS NULL AND (customers_1.owner_id = $2::UUID OR customers_1.grade = $3::VARCHAR)), (SELECT '{"name":' || coalesce(CAST(to_json(opportunities_1.name) AS TEXT), 'null') || ',"owner":' || coalesce((SELECT '{"name":' || coalesce(CAST(to_json(users_1.name) AS TEXT), 'null') || '}' AS joined_3
FROM users AS users_1
WHERE users_1.id = opportunities_1.owner_id AND users_1.deleted_at IS NULL AND (users_1.team_id = $4::UUID OR users_1.id = $5::UUID)), 'null') || '}' AS joined_2
FROM opportunities AS opportunities_1
WHERE opportunities_1.id = $6::UUID AND opportunities_1.deleted_at IS NULL AND (EXISTS (SELECT 1
FROM customers AS customers_2
WHERE customers_2.id = opportunities_1.customer_id AND customers_2.deleted_at IS NULL AND (customers_2.owner_id = $7::UUID OR customers_2.grade = $8::VARCHAR)))), NULL, NULL) AS coalesce_1
