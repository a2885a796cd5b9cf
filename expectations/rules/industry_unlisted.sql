/*---
title: Varje näringsgren är en avdelning i SNI 2007, en grupp av dem eller namngiven i deklarationen
severity: warning
subject: table
message: Näringsgrenar har koder som SNI 2007 saknar; kontrollera att de inte överlappar varandra
applies: exists (from classified where dimension = 'industry')
protects: structure
otherwise: Tabellen är inte indelad efter näringsgren
---*/
-- SCB writes groups of sections as letters: B+C, R-U.
with named as (
    select name from reference.source_code join subject using (table_id) where name is not null
),
used as (
    select code, max(value) as value, max(cell) as cell from classified where dimension = 'industry' group by code
)
select
    null as region_code, null as period, null as sex, concat_ws(' ', u.code, max(c.label)) as category, u.value,
    'kod i reference.sni' as expected, u.cell
from used as u
left join reference.source_code as c on c.code = u.code and c.table_id = (select table_id from subject)
where u.code not in (from named)
    and exists (
        from unnest(regexp_split_to_array(u.code, '[+-]')) as part(letter)
        where letter not in (select code from reference.sni)
    )
group by u.code, u.value, u.cell
