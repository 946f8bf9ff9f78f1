SELECT (SELECT '[' || coalesce(group_concat(anon_2.hit, ','), '') || ']' AS joined_1
FROM (SELECT anon_3.hit AS hit, anon_3.place AS place, anon_3.id AS id
FROM (SELECT '{"object":"customer","title":' || json_quote('' || coalesce(CAST(anon_4.name AS TEXT), '') || '') || ',"record":' || (SELECT '{"grade":' || coalesce('"' || customers_1.grade || '"', 'null') || '}' AS joined_2
FROM customers AS customers_1
WHERE customers_1.id = anon_4.id AND customers_1.deleted_at IS NULL AND (customers_1.owner_id = ? OR customers_1.grade = ?) UNION ALL SELECT 'null' LIMIT 1) || '}' AS hit, 0 AS place, anon_4.id AS id
FROM (SELECT customers_2.id AS id, customers_2.created_at AS created_at, customers_2.created_by_id AS created_by_id, customers_2.updated_at AS updated_at, customers_2.updated_by_id AS updated_by_id, customers_2.version AS version, customers_2.name AS name, customers_2.grade AS grade, customers_2.industry AS industry, customers_2.wechat AS wechat, customers_2.revenue AS revenue, customers_2.cost AS cost, customers_2.score AS score, customers_2.discount AS discount, customers_2.staff AS staff, customers_2.orders AS orders, customers_2.vip AS vip, customers_2.founded AS founded, customers_2.last_seen AS last_seen, customers_2.note AS note, customers_2.settings AS settings, customers_2.flags AS flags, customers_2.owner_id AS owner_id, customers_2.parent_id AS parent_id, customers_2.watchers AS watchers, customers_2.deleted_at AS deleted_at
FROM customers AS customers_2
WHERE customers_2.deleted_at IS NULL AND (customers_2.owner_id = ? OR customers_2.grade = ?) AND length(trim(?)) > 0 AND (instr(sm_fold(customers_2.name), ?) > 0 OR customers_2.owner_id = ? AND instr(sm_fold(customers_2.wechat), ?) > 0) ORDER BY customers_2.id DESC
 LIMIT ? OFFSET ?) AS anon_4 UNION ALL SELECT '{"object":"opportunity","title":' || json_quote('' || coalesce(CAST(anon_5.name AS TEXT), '') || ' of ' || coalesce((SELECT '' || coalesce(CAST(customers_3.name AS TEXT), '') || '' AS joined_3
FROM customers AS customers_3
WHERE customers_3.id = anon_5.customer_id AND customers_3.deleted_at IS NULL AND (customers_3.owner_id = ? OR customers_3.grade = ?)), '') || '') || ',"record":' || (SELECT '{"amount":' || CASE WHEN (opportunities_1.amount IS NOT NULL) THEN printf('"%s%d.%02d"', CASE WHEN (opportunities_1.amount < 0) THEN '-' ELSE '' END, abs(opportunities_1.amount) / 100, abs(opportunities_1.amount) % 100) ELSE 'null' END || '}' AS joined_4
FROM opportunities AS opportunities_1
WHERE opportunities_1.id = anon_5.id AND opportunities_1.deleted_at IS NULL AND (EXISTS (SELECT 1
FROM customers AS customers_4
WHERE customers_4.id = opportunities_1.customer_id AND customers_4.deleted_at IS NULL AND (customers_4.owner_id = ? OR customers_4.grade = ?))) UNION ALL SELECT 'null' LIMIT 1) || '}' AS hit, 1 AS place, anon_5.id AS id
FROM (SELECT opportunities_2.id AS id, opportunities_2.created_at AS created_at, opportunities_2.created_by_id AS created_by_id, opportunities_2.updated_at AS updated_at, opportunities_2.updated_by_id AS updated_by_id, opportunities_2.version AS version, opportunities_2.name AS name, opportunities_2.amount AS amount, opportunities_2.close_date AS close_date, opportunities_2.customer_id AS customer_id, opportunities_2.owner_id AS owner_id, opportunities_2.deleted_at AS deleted_at
FROM opportunities AS opportunities_2
WHERE opportunities_2.deleted_at IS NULL AND (EXISTS (SELECT 1
FROM customers AS customers_5
WHERE customers_5.id = opportunities_2.customer_id AND customers_5.deleted_at IS NULL AND (customers_5.owner_id = ? OR customers_5.grade = ?))) AND length(trim(?)) > 0 AND instr(sm_fold(opportunities_2.name), ?) > 0 ORDER BY opportunities_2.id DESC
 LIMIT ? OFFSET ?) AS anon_5) AS anon_3 ORDER BY anon_3.place ASC, anon_3.id DESC
 LIMIT ? OFFSET ?) AS anon_2) AS anon_1
