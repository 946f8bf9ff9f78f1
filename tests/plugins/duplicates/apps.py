"""An app with households that are compared, merged and ruled on."""

HOUSEHOLDS = """
kind: object
name: household
owned: true
activities: true
fields:
  name: {type: text, required: true, searchable: true}
  phone: {type: phone}
  second_phone: {type: phone}
  code: {type: text, unique: true}
  wechat: {type: text, mask: last4}
  address: {type: text}
  income: {type: money}
  signed_on: {type: date}
  pool: {type: text, readonly: true}
  interests: {type: multi_choice, options: [house, car, school]}
  broker: {type: user}
  parent: {type: reference, to: household, tree: true, inverse: branches}
  twin: {type: reference, to: household, inverse: twins}
  number: {type: auto_number, format: "H-{0000}"}
  lessons: {type: rollup, over: orders, count: true}
---
kind: object
name: order
fields:
  name: {type: text, required: true}
  household: {type: reference, to: household, inverse: orders}
  guests: {type: multi_reference, to: household}
  person: {type: reference, to: person, where: {household: $row.household}}
---
kind: object
name: person
plural: people
fields:
  name: {type: text, required: true}
  household: {type: reference, to: household, required: true, inverse: people}
---
kind: tag
name: referral
object: household
states: [hinted, visited]
"""

MATCHING = """
kind: match_rule
name: same_household
object: household
label: {en: Same household, zh: 同一家庭}
compare:
  - {name: phone, fields: [phone, second_phone], as: phone, points: 60}
  - {name: wechat, as: account, points: 60}
  - {name: name, as: person, points: 35, against: 30}
  - {name: address, as: address, points: 40, against: 10}
keep: {income: highest, interests: all, wechat: newest, signed_on: survivor}
"""

RULING = """
kind: ruling_rule
name: whose_household
object: household
roles: [manager]
decided: signed_on
set_owner: true
clauses:
  - {name: manual}
  - {name: broker, ground: registered, field: broker}
  - {name: first, ground: first_contact, within: 90d, share: 30}
  - {name: last, ground: last_follow_up, where: {outcome: progress}, share: 70}
"""

ROLES = """
kind: role
name: rep
objects:
  household:
    read: {where: {owner: $user.id}}
    create: true
    update: {where: {owner: $user.id}}
    fields: {default: write, wechat: none}
  order: {read: true, create: true, update: true, fields: {default: write}}
  activity: {read: true, create: true, fields: {default: write}}
  user: {read: true, fields: {name: read}}
---
kind: role
name: manager
objects:
  household:
    read: true
    create: true
    update: true
    delete: true
    merge: true
    fields: {default: write}
  order: {read: true, create: true, update: true, delete: true, fields: {default: write}}
  activity: {read: true, create: true, fields: {default: write}}
  user: {read: true, fields: {name: read}}
  match_pair: {read: true, fields: {default: read}}
  ownership_claim: {read: true, fields: {default: read}}
  ownership_ruling: {read: true, fields: {default: read}}
"""
