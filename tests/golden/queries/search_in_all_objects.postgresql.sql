SELECT (SELECT '[' || coalesce(string_agg(anon_2.hit, ',' ORDER BY anon_2.place ASC, anon_2.id DESC), '') || ']' AS joined_1
FROM (SELECT anon_3.hit AS hit, anon_3.place AS place, anon_3.id AS id
FROM (SELECT '{"object":"customer","title":' || coalesce(CAST(to_json('' || coalesce(CAST(anon_4.name AS TEXT), '') || '') AS TEXT), 'null') || ',"record":' || coalesce((SELECT '{"grade":' || coalesce('"' || customers_1.grade || '"', 'null') || '}' AS joined_2
FROM customers AS customers_1
WHERE customers_1.id = anon_4.id AND customers_1.deleted_at IS NULL AND (customers_1.owner_id = $1::UUID OR customers_1.grade = $2::VARCHAR)), 'null') || '}' AS hit, 0 AS place, anon_4.id AS id
FROM (SELECT customers_2.id AS id, customers_2.created_at AS created_at, customers_2.created_by_id AS created_by_id, customers_2.updated_at AS updated_at, customers_2.updated_by_id AS updated_by_id, customers_2.version AS version, customers_2.name AS name, customers_2.grade AS grade, customers_2.industry AS industry, customers_2.wechat AS wechat, customers_2.revenue AS revenue, customers_2.cost AS cost, customers_2.score AS score, customers_2.discount AS discount, customers_2.staff AS staff, customers_2.orders AS orders, customers_2.vip AS vip, customers_2.founded AS founded, customers_2.last_seen AS last_seen, customers_2.note AS note, customers_2.settings AS settings, customers_2.flags AS flags, customers_2.owner_id AS owner_id, customers_2.parent_id AS parent_id, customers_2.watchers AS watchers, customers_2.deleted_at AS deleted_at
FROM customers AS customers_2
WHERE customers_2.deleted_at IS NULL AND (customers_2.owner_id = $3::UUID OR customers_2.grade = $4::VARCHAR) AND length(trim($5::VARCHAR)) > 0 AND (strpos(lower(customers_2.name COLLATE pg_c_utf8), $6::VARCHAR) > 0 OR customers_2.owner_id = $7::UUID AND strpos(lower(customers_2.wechat COLLATE pg_c_utf8), $8::VARCHAR) > 0) ORDER BY customers_2.id DESC
 LIMIT $9::INTEGER) AS anon_4 UNION ALL SELECT '{"object":"opportunity","title":' || coalesce(CAST(to_json('' || coalesce(CAST(anon_5.name AS TEXT), '') || ' of ' || coalesce((SELECT '' || coalesce(CAST(customers_3.name AS TEXT), '') || '' AS joined_3
FROM customers AS customers_3
WHERE customers_3.id = anon_5.customer_id AND customers_3.deleted_at IS NULL AND (customers_3.owner_id = $10::UUID OR customers_3.grade = $11::VARCHAR)), '') || '') AS TEXT), 'null') || ',"record":' || coalesce((SELECT '{"amount":' || coalesce('"' || CAST(opportunities_1.amount AS TEXT) || '"', 'null') || '}' AS joined_4
FROM opportunities AS opportunities_1
WHERE opportunities_1.id = anon_5.id AND opportunities_1.deleted_at IS NULL AND (EXISTS (SELECT 1
FROM customers AS customers_4
WHERE customers_4.id = opportunities_1.customer_id AND customers_4.deleted_at IS NULL AND (customers_4.owner_id = $12::UUID OR customers_4.grade = $13::VARCHAR)))), 'null') || '}' AS hit, 1 AS place, anon_5.id AS id
FROM (SELECT opportunities_2.id AS id, opportunities_2.created_at AS created_at, opportunities_2.created_by_id AS created_by_id, opportunities_2.updated_at AS updated_at, opportunities_2.updated_by_id AS updated_by_id, opportunities_2.version AS version, opportunities_2.name AS name, opportunities_2.amount AS amount, opportunities_2.close_date AS close_date, opportunities_2.customer_id AS customer_id, opportunities_2.owner_id AS owner_id, opportunities_2.deleted_at AS deleted_at
FROM opportunities AS opportunities_2
WHERE opportunities_2.deleted_at IS NULL AND (EXISTS (SELECT 1
FROM customers AS customers_5
WHERE customers_5.id = opportunities_2.customer_id AND customers_5.deleted_at IS NULL AND (customers_5.owner_id = $14::UUID OR customers_5.grade = $15::VARCHAR))) AND length(trim($16::VARCHAR)) > 0 AND strpos(lower(opportunities_2.name COLLATE pg_c_utf8), $17::VARCHAR) > 0 ORDER BY opportunities_2.id DESC
 LIMIT $18::INTEGER) AS anon_5) AS anon_3 ORDER BY anon_3.place ASC, anon_3.id DESC
 LIMIT $19::INTEGER) AS anon_2) AS anon_1
