SELECT '{"history":' || (SELECT '{"totalCount":' || (SELECT CAST(count(*) AS TEXT) AS count_1
FROM (SELECT 1
FROM (SELECT sm_change_1.id AS id, sm_change_1.record_id AS record_id, sm_change_1.version AS version, sm_change_1.at AS at, sm_change_1.by_id AS by_id, sm_change_1.operation AS operation, sm_change_1.field AS field, CASE WHEN (sm_change_1.field = 'owner') THEN CASE WHEN (EXISTS (SELECT users_1.id
FROM users AS users_1
WHERE users_1.id = CAST(replace(sm_change_1.old, '"', '') AS CHAR(36)) AND users_1.deleted_at IS NULL AND (users_1.team_id = ? OR users_1.id = ?))) THEN sm_change_1.old END WHEN (sm_change_1.field = 'parent') THEN CASE WHEN (EXISTS (SELECT customers_1.id
FROM customers AS customers_1
WHERE customers_1.id = CAST(replace(sm_change_1.old, '"', '') AS CHAR(36)) AND customers_1.deleted_at IS NULL AND (customers_1.owner_id = ? OR customers_1.grade = ?))) THEN sm_change_1.old END WHEN (sm_change_1.field = 'watchers') THEN coalesce(CASE WHEN (sm_change_1.old IS NOT NULL) THEN coalesce((SELECT json_group_array(anon_3.value) AS json_group_array_1
FROM json_each(sm_change_1.old) AS anon_3
WHERE EXISTS (SELECT users_2.id
FROM users AS users_2
WHERE users_2.id = anon_3.value AND users_2.deleted_at IS NULL AND (users_2.team_id = ? OR users_2.id = ?))), '[]') END, 'null') ELSE sm_change_1.old END AS old, CASE WHEN (sm_change_1.field = 'owner') THEN CASE WHEN (EXISTS (SELECT users_3.id
FROM users AS users_3
WHERE users_3.id = CAST(replace(sm_change_1.new, '"', '') AS CHAR(36)) AND users_3.deleted_at IS NULL AND (users_3.team_id = ? OR users_3.id = ?))) THEN sm_change_1.new END WHEN (sm_change_1.field = 'parent') THEN CASE WHEN (EXISTS (SELECT customers_2.id
FROM customers AS customers_2
WHERE customers_2.id = CAST(replace(sm_change_1.new, '"', '') AS CHAR(36)) AND customers_2.deleted_at IS NULL AND (customers_2.owner_id = ? OR customers_2.grade = ?))) THEN sm_change_1.new END WHEN (sm_change_1.field = 'watchers') THEN coalesce(CASE WHEN (sm_change_1.new IS NOT NULL) THEN coalesce((SELECT json_group_array(anon_4.value) AS json_group_array_2
FROM json_each(sm_change_1.new) AS anon_4
WHERE EXISTS (SELECT users_4.id
FROM users AS users_4
WHERE users_4.id = anon_4.value AND users_4.deleted_at IS NULL AND (users_4.team_id = ? OR users_4.id = ?))), '[]') END, 'null') ELSE sm_change_1.new END AS new
FROM sm_change AS sm_change_1
WHERE sm_change_1.object = 'customer' AND sm_change_1.record_id IN (SELECT customers_3.id
FROM (SELECT 1 AS one) AS anon_5 UNION ALL SELECT sm_merged_1.record_id
FROM sm_merged AS sm_merged_1
WHERE sm_merged_1.into_id = customers_3.id) AND (sm_change_1.record_id = customers_3.id OR sm_change_1.field IS NOT NULL AND (EXISTS (SELECT customers_4.id
FROM customers AS customers_4
WHERE sm_change_1.record_id = customers_4.id AND (customers_4.owner_id = ? OR customers_4.grade = ?)))) AND (sm_change_1.field IS NULL OR sm_change_1.field = 'name' OR sm_change_1.field = 'grade' OR sm_change_1.field = 'industry' OR sm_change_1.field = 'wechat' AND customers_3.owner_id = ? AND (sm_change_1.record_id = customers_3.id OR (EXISTS (SELECT customers_5.id
FROM customers AS customers_5
WHERE sm_change_1.record_id = customers_5.id AND (customers_5.owner_id = ? OR customers_5.grade = ?) AND customers_5.owner_id = ?))) OR sm_change_1.field = 'revenue' AND customers_3.owner_id = ? AND (sm_change_1.record_id = customers_3.id OR (EXISTS (SELECT customers_6.id
FROM customers AS customers_6
WHERE sm_change_1.record_id = customers_6.id AND (customers_6.owner_id = ? OR customers_6.grade = ?) AND customers_6.owner_id = ?))) OR sm_change_1.field = 'score' OR sm_change_1.field = 'discount' OR sm_change_1.field = 'staff' OR sm_change_1.field = 'orders' OR sm_change_1.field = 'vip' OR sm_change_1.field = 'founded' OR sm_change_1.field = 'last_seen' OR sm_change_1.field = 'note' OR sm_change_1.field = 'settings' OR sm_change_1.field = 'flags' OR sm_change_1.field = 'owner' OR sm_change_1.field = 'parent' OR sm_change_1.field = 'watchers') ORDER BY sm_change_1.id
 LIMIT -1 OFFSET ?) AS anon_2
WHERE anon_2.field IS NULL OR anon_2.old IS NOT anon_2.new GROUP BY anon_2.record_id, anon_2.version, anon_2.at, anon_2.by_id, anon_2.operation) AS anon_1) || ',"nodes":[' || coalesce(group_concat('{"at":' || coalesce('"' || replace(anon_6.at, '.000000Z', 'Z') || '"', 'null') || ',"operation":' || coalesce('"' || anon_6.operation || '"', 'null') || ',"by":' || (SELECT '{"name":' || json_quote(users_5.name) || '}' AS joined_3
FROM users AS users_5
WHERE anon_6.by_id = users_5.id AND users_5.deleted_at IS NULL AND (users_5.team_id = ? OR users_5.id = ?) UNION ALL SELECT 'null' LIMIT 1) || ',"changes":' || anon_6.changes0 || '}', ',') FILTER (WHERE anon_6.sm_number <= ?), '') || '],"pageInfo":{"hasNextPage":' || CASE WHEN (count(*) > ?) THEN 'true' ELSE 'false' END || ',"endCursor":' || json_quote(max('["c5ade408b607",' || coalesce('"' || anon_6.sm_k0 || '"', 'null') || ']') FILTER (WHERE anon_6.sm_number = CASE WHEN (anon_6.sm_count < ?) THEN anon_6.sm_count ELSE ? END AND anon_6.sm_number <= ?)) || '}}' AS joined_2
FROM (SELECT anon_7.at AS at, anon_7.by_id AS by_id, anon_7.operation AS operation, anon_7.changes0 AS changes0, anon_7.sm_k0 AS sm_k0, row_number() OVER (ORDER BY anon_7.sm_k0 DESC) AS sm_number, count(*) OVER () AS sm_count
FROM (SELECT anon_8.at AS at, anon_8.by_id AS by_id, anon_8.operation AS operation, '[' || coalesce(group_concat('{"field":' || coalesce('"' || CASE WHEN (anon_8.field = 'name') THEN 'name' WHEN (anon_8.field = 'grade') THEN 'grade' WHEN (anon_8.field = 'industry') THEN 'industry' WHEN (anon_8.field = 'wechat') THEN 'wechat' WHEN (anon_8.field = 'revenue') THEN 'revenue' WHEN (anon_8.field = 'score') THEN 'score' WHEN (anon_8.field = 'discount') THEN 'discount' WHEN (anon_8.field = 'staff') THEN 'staff' WHEN (anon_8.field = 'orders') THEN 'orders' WHEN (anon_8.field = 'vip') THEN 'vip' WHEN (anon_8.field = 'founded') THEN 'founded' WHEN (anon_8.field = 'last_seen') THEN 'lastSeen' WHEN (anon_8.field = 'note') THEN 'note' WHEN (anon_8.field = 'settings') THEN 'settings' WHEN (anon_8.field = 'flags') THEN 'flags' WHEN (anon_8.field = 'owner') THEN 'owner' WHEN (anon_8.field = 'parent') THEN 'parent' WHEN (anon_8.field = 'watchers') THEN 'watchers' END || '"', 'null') || ',"label":' || json_quote(CASE WHEN (anon_8.field = 'name') THEN ? WHEN (anon_8.field = 'grade') THEN ? WHEN (anon_8.field = 'industry') THEN ? WHEN (anon_8.field = 'wechat') THEN ? WHEN (anon_8.field = 'revenue') THEN ? WHEN (anon_8.field = 'score') THEN ? WHEN (anon_8.field = 'discount') THEN ? WHEN (anon_8.field = 'staff') THEN ? WHEN (anon_8.field = 'orders') THEN ? WHEN (anon_8.field = 'vip') THEN ? WHEN (anon_8.field = 'founded') THEN ? WHEN (anon_8.field = 'last_seen') THEN ? WHEN (anon_8.field = 'note') THEN ? WHEN (anon_8.field = 'settings') THEN ? WHEN (anon_8.field = 'flags') THEN ? WHEN (anon_8.field = 'owner') THEN ? WHEN (anon_8.field = 'parent') THEN ? WHEN (anon_8.field = 'watchers') THEN ? END) || ',"old":' || coalesce(anon_8.old, 'null') || ',"new":' || coalesce(anon_8.new, 'null') || '}', ',') FILTER (WHERE anon_8.field IS NOT NULL), '') || ']' AS changes0, CAST(max(CAST(anon_8.id AS TEXT)) AS CHAR(36)) AS sm_k0
FROM (SELECT sm_change_2.id AS id, sm_change_2.record_id AS record_id, sm_change_2.version AS version, sm_change_2.at AS at, sm_change_2.by_id AS by_id, sm_change_2.operation AS operation, sm_change_2.field AS field, CASE WHEN (sm_change_2.field = 'owner') THEN CASE WHEN (EXISTS (SELECT users_6.id
FROM users AS users_6
WHERE users_6.id = CAST(replace(sm_change_2.old, '"', '') AS CHAR(36)) AND users_6.deleted_at IS NULL AND (users_6.team_id = ? OR users_6.id = ?))) THEN sm_change_2.old END WHEN (sm_change_2.field = 'parent') THEN CASE WHEN (EXISTS (SELECT customers_7.id
FROM customers AS customers_7
WHERE customers_7.id = CAST(replace(sm_change_2.old, '"', '') AS CHAR(36)) AND customers_7.deleted_at IS NULL AND (customers_7.owner_id = ? OR customers_7.grade = ?))) THEN sm_change_2.old END WHEN (sm_change_2.field = 'watchers') THEN coalesce(CASE WHEN (sm_change_2.old IS NOT NULL) THEN coalesce((SELECT json_group_array(anon_9.value) AS json_group_array_3
FROM json_each(sm_change_2.old) AS anon_9
WHERE EXISTS (SELECT users_7.id
FROM users AS users_7
WHERE users_7.id = anon_9.value AND users_7.deleted_at IS NULL AND (users_7.team_id = ? OR users_7.id = ?))), '[]') END, 'null') ELSE sm_change_2.old END AS old, CASE WHEN (sm_change_2.field = 'owner') THEN CASE WHEN (EXISTS (SELECT users_8.id
FROM users AS users_8
WHERE users_8.id = CAST(replace(sm_change_2.new, '"', '') AS CHAR(36)) AND users_8.deleted_at IS NULL AND (users_8.team_id = ? OR users_8.id = ?))) THEN sm_change_2.new END WHEN (sm_change_2.field = 'parent') THEN CASE WHEN (EXISTS (SELECT customers_8.id
FROM customers AS customers_8
WHERE customers_8.id = CAST(replace(sm_change_2.new, '"', '') AS CHAR(36)) AND customers_8.deleted_at IS NULL AND (customers_8.owner_id = ? OR customers_8.grade = ?))) THEN sm_change_2.new END WHEN (sm_change_2.field = 'watchers') THEN coalesce(CASE WHEN (sm_change_2.new IS NOT NULL) THEN coalesce((SELECT json_group_array(anon_10.value) AS json_group_array_4
FROM json_each(sm_change_2.new) AS anon_10
WHERE EXISTS (SELECT users_9.id
FROM users AS users_9
WHERE users_9.id = anon_10.value AND users_9.deleted_at IS NULL AND (users_9.team_id = ? OR users_9.id = ?))), '[]') END, 'null') ELSE sm_change_2.new END AS new
FROM sm_change AS sm_change_2
WHERE sm_change_2.object = 'customer' AND sm_change_2.record_id IN (SELECT customers_3.id
FROM (SELECT 1 AS one) AS anon_11 UNION ALL SELECT sm_merged_2.record_id
FROM sm_merged AS sm_merged_2
WHERE sm_merged_2.into_id = customers_3.id) AND (sm_change_2.record_id = customers_3.id OR sm_change_2.field IS NOT NULL AND (EXISTS (SELECT customers_9.id
FROM customers AS customers_9
WHERE sm_change_2.record_id = customers_9.id AND (customers_9.owner_id = ? OR customers_9.grade = ?)))) AND (sm_change_2.field IS NULL OR sm_change_2.field = 'name' OR sm_change_2.field = 'grade' OR sm_change_2.field = 'industry' OR sm_change_2.field = 'wechat' AND customers_3.owner_id = ? AND (sm_change_2.record_id = customers_3.id OR (EXISTS (SELECT customers_10.id
FROM customers AS customers_10
WHERE sm_change_2.record_id = customers_10.id AND (customers_10.owner_id = ? OR customers_10.grade = ?) AND customers_10.owner_id = ?))) OR sm_change_2.field = 'revenue' AND customers_3.owner_id = ? AND (sm_change_2.record_id = customers_3.id OR (EXISTS (SELECT customers_11.id
FROM customers AS customers_11
WHERE sm_change_2.record_id = customers_11.id AND (customers_11.owner_id = ? OR customers_11.grade = ?) AND customers_11.owner_id = ?))) OR sm_change_2.field = 'score' OR sm_change_2.field = 'discount' OR sm_change_2.field = 'staff' OR sm_change_2.field = 'orders' OR sm_change_2.field = 'vip' OR sm_change_2.field = 'founded' OR sm_change_2.field = 'last_seen' OR sm_change_2.field = 'note' OR sm_change_2.field = 'settings' OR sm_change_2.field = 'flags' OR sm_change_2.field = 'owner' OR sm_change_2.field = 'parent' OR sm_change_2.field = 'watchers') ORDER BY sm_change_2.id
 LIMIT -1 OFFSET ?) AS anon_8
WHERE anon_8.field IS NULL OR anon_8.old IS NOT anon_8.new GROUP BY anon_8.record_id, anon_8.version, anon_8.at, anon_8.by_id, anon_8.operation ORDER BY CAST(max(CAST(anon_8.id AS TEXT)) AS CHAR(36)) DESC
 LIMIT ? OFFSET ?) AS anon_7 ORDER BY anon_7.sm_k0 DESC
 LIMIT 1001 OFFSET ?) AS anon_6) || '}' AS joined_1
FROM customers AS customers_3
WHERE customers_3.id = ? AND customers_3.deleted_at IS NULL AND (customers_3.owner_id = ? OR customers_3.grade = ?)
