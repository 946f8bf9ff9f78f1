SELECT '{"nodes":[' || coalesce(string_agg('{"owner":' || coalesce((SELECT '{"name":' || coalesce(CAST(to_json(users_1.name) AS TEXT), 'null') || ',"team":' || coalesce((SELECT '{"name":' || coalesce(CAST(to_json(teams_1.name) AS TEXT), 'null') || '}' AS joined_3
FROM teams AS teams_1
WHERE teams_1.id = users_1.team_id AND teams_1.deleted_at IS NULL), 'null') || '}' AS joined_2
FROM users AS users_1
WHERE users_1.id = anon_1.owner_id AND users_1.deleted_at IS NULL AND (users_1.team_id = $1::UUID OR users_1.id = $2::UUID)), 'null') || ',"watchers":' || (SELECT '[' || coalesce(string_agg(anon_2.record, ',' ORDER BY anon_2.place), '') || ']' AS joined_4
FROM (SELECT '{"id":' || coalesce('"' || CAST(users_2.id AS TEXT) || '"', 'null') || ',"name":' || coalesce(CAST(to_json(users_2.name) AS TEXT), 'null') || '}' AS record, anon_3.place AS place
FROM unnest(anon_1.watchers) WITH ORDINALITY AS anon_3(value, place) JOIN users AS users_2 ON users_2.id = anon_3.value
WHERE users_2.deleted_at IS NULL AND (users_2.team_id = $3::UUID OR users_2.id = $4::UUID)) AS anon_2) || ',"parent":' || coalesce((SELECT '{"name":' || coalesce(CAST(to_json(customers_1.name) AS TEXT), 'null') || '}' AS joined_5
FROM customers AS customers_1
WHERE customers_1.id = anon_1.parent_id AND customers_1.deleted_at IS NULL AND (customers_1.owner_id = $5::UUID OR customers_1.grade = $6::VARCHAR)), 'null') || '}', ',' ORDER BY anon_1.sm_k0 ASC), '') || ']}' AS joined_1
FROM (SELECT customers_2.id AS id, customers_2.owner_id AS owner_id, customers_2.parent_id AS parent_id, customers_2.watchers AS watchers, customers_2.id AS sm_k0
FROM customers AS customers_2
WHERE customers_2.deleted_at IS NULL AND (customers_2.owner_id = $7::UUID OR customers_2.grade = $8::VARCHAR) ORDER BY customers_2.id ASC
 LIMIT $9::INTEGER) AS anon_1
