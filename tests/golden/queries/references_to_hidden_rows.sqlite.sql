SELECT '{"nodes":[' || coalesce(group_concat('{"owner":' || (SELECT '{"name":' || json_quote(users_1.name) || ',"team":' || (SELECT '{"name":' || json_quote(teams_1.name) || '}' AS joined_3
FROM teams AS teams_1
WHERE teams_1.id = users_1.team_id AND teams_1.deleted_at IS NULL UNION ALL SELECT 'null' LIMIT 1) || '}' AS joined_2
FROM users AS users_1
WHERE users_1.id = anon_1.owner_id AND users_1.deleted_at IS NULL AND (users_1.team_id = ? OR users_1.id = ?) UNION ALL SELECT 'null' LIMIT 1) || ',"watchers":' || (SELECT '[' || coalesce(group_concat(anon_2.record, ','), '') || ']' AS joined_4
FROM (SELECT '{"id":' || coalesce('"' || users_2.id || '"', 'null') || ',"name":' || json_quote(users_2.name) || '}' AS record, anon_3."key" AS place
FROM json_each(anon_1.watchers) AS anon_3 JOIN users AS users_2 ON users_2.id = anon_3.value
WHERE users_2.deleted_at IS NULL AND (users_2.team_id = ? OR users_2.id = ?) ORDER BY anon_3."key"
 LIMIT -1 OFFSET ?) AS anon_2) || ',"parent":' || (SELECT '{"name":' || json_quote(customers_1.name) || '}' AS joined_5
FROM customers AS customers_1
WHERE customers_1.id = anon_1.parent_id AND customers_1.deleted_at IS NULL AND (customers_1.owner_id = ? OR customers_1.grade = ?) UNION ALL SELECT 'null' LIMIT 1) || '}', ','), '') || ']}' AS joined_1
FROM (SELECT customers_2.id AS id, customers_2.owner_id AS owner_id, customers_2.parent_id AS parent_id, customers_2.watchers AS watchers, customers_2.id AS sm_k0
FROM customers AS customers_2
WHERE customers_2.deleted_at IS NULL AND (customers_2.owner_id = ? OR customers_2.grade = ?) ORDER BY customers_2.id ASC
 LIMIT ? OFFSET ?) AS anon_1
