"""Duplicates (查重), merging (合并), adjudication (判客): what is the same, what becomes of it, whose it is.

Takes: documents of the kinds `match_rule` and `ruling_rule`; writes of the objects that they name.
Gives: keys and likely pairs for every record; merges that can be undone; rulings with their evidence.
Rejects when: a new record is there already and its rule blocks it; somebody has no right to merge or to rule.
Modules: rules; match_kind, ruling_kind (YAML → values); asked. What is alike, without a database: pinyin →
  normal → forms → keys, likeness → scoring → pairing. What is stored: locking, search → keeping, pairs →
  sight → telling → writing, backfill. Merging: plain → view → survival, carrying, pointing, attached →
  merging → undoing. Rulings: facts → judging → rulings → readjudging; claiming. granted, reasons, remains →
  api, commands, panels; plugin.
"""
