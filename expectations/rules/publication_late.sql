/*---
title: Källan har publicerat den dag då den skulle
severity: warning
subject: table
message: Dagen då källan skulle publicera har passerat, men tabellen är inte uppdaterad
applies: subject.expected is not null
protects: fetch
otherwise: Källan har inte sagt vilken dag den publicerar nästa gång
---*/
select
    null as region_code, null as period, null as sex, 'uppdaterad ' || coalesce(left(s.updated, 10), 'okänd dag') as category,
    null as value, 'senast ' || s.expected as expected, null as cell
from subject as s
cross join provenance.run as r
where s.expected < strftime(cast(r.started_at at time zone 'Europe/Stockholm' as date), '%Y-%m-%d')
    and coalesce(left(s.updated, 10) < s.expected, true)
    and s.table_id not in (select table_id from reference.source_word where kind = 'discontinued' and text = 'true')
