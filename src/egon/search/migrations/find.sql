-- Under row security the GIN index would not be used: the operator @@ is not leakproof. So the search runs as
-- egon_ops, whom the policy "operations" lets see every row, and filters by the session's originator itself.
--
-- The newest eleven hundred hits and one more are found in one of two ways:
--   * words that many entries have: entries of the wanted kinds are walked from the newest until there are enough;
--   * others: the GIN index gives all the hits of the originator, whatever their kind and time, and the newest are
--     chosen of them. The lexeme t:<tenant> lets the index alone find those of the originator; the column is compared
--     nevertheless.
-- The walk begins unless the planner expects so few hits that reading all of them is nothing. As it goes, it judges by
-- the hits it met how far it is to the last one, and gives way to the index when that would read less. Files have fewer
-- words than documents, and of words that go together the planner knows nothing, so what was met tells more than what
-- was expected.
--
-- since and before limit the time of the entries (before together with an id: the place behind which a search goes on),
-- among their entities: those who may see little are looked for among what they may see.
-- It is volatile only because EXPLAIN is not allowed in other functions.
DROP FUNCTION IF EXISTS search_find(tsquery, text[], integer, integer);  -- of earlier versions

CREATE OR REPLACE FUNCTION search_find(
    query tsquery, types text[], most integer, skip integer, since timestamptz DEFAULT NULL,
    before timestamptz DEFAULT NULL, before_id bigint DEFAULT 0, among bigint[] DEFAULT NULL
)
RETURNS TABLE (entity_type text, entity_id bigint, title text, sort_at timestamptz, total bigint, id bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan
SET enable_sort = on
AS $find$
DECLARE
    enough CONSTANT integer := 1101;  -- see egon.search.AT_ONCE
    few CONSTANT integer := 500;
    price CONSTANT float := 2;  -- a hit of the index costs about as much as so many steps of the walk
    judged CONSTANT integer := 1000;  -- after so many steps each time
    tenant integer := NULLIF(current_setting('app.tenant_id', true), '')::integer;
    from_at CONSTANT timestamptz := COALESCE(since, '-infinity');
    until_at CONSTANT timestamptz := COALESCE(before, 'infinity');
    until_id CONSTANT bigint := COALESCE(before_id, 0);
    kinds text[];
    walk text;
    plan json;
    hits float;  -- of the originator: what the index would have to read
    entries float;  -- of the originator
    walked bigint := 0;
    is_whole boolean := false;  -- the walk has found all there is, or enough
    met record;
    ids bigint[] := '{}';
BEGIN
    IF tenant IS NULL OR query IS NULL OR numnode(query) = 0 THEN
        RETURN;
    END IF;
    IF among IS NOT NULL THEN
        SELECT array_agg(hit.id) INTO ids FROM (
            SELECT entry.id FROM public.search_entry AS entry
            WHERE entry.tenant_id = tenant AND (types IS NULL OR entry.entity_type = ANY (types))
              AND entry.entity_id = ANY (among) AND entry.tsv @@ query
              AND entry.sort_at >= from_at AND (entry.sort_at, entry.id) < (until_at, until_id)
            ORDER BY entry.sort_at DESC, entry.id DESC LIMIT enough
        ) AS hit;
    ELSE
        EXECUTE format(
            'EXPLAIN (FORMAT JSON) SELECT FROM public.search_entry WHERE tenant_id = %s AND tsv @@ %L::tsquery',
            tenant, query
        ) INTO plan;
        hits := plan -> 0 -> 'Plan' ->> 'Plan Rows';
        IF hits > few THEN
            EXECUTE format('EXPLAIN (FORMAT JSON) SELECT FROM public.search_entry WHERE tenant_id = %s', tenant) INTO plan;
            entries := plan -> 0 -> 'Plan' ->> 'Plan Rows';
            -- The kinds there are, each found by a jump through the index: a kind without entries costs nothing below.
            WITH RECURSIVE kind AS (
                SELECT min(first.entity_type) AS name FROM public.search_entry AS first WHERE first.tenant_id = tenant
                UNION ALL
                SELECT (
                    SELECT min(next.entity_type) FROM public.search_entry AS next
                    WHERE next.tenant_id = tenant AND next.entity_type > kind.name
                ) FROM kind WHERE kind.name IS NOT NULL
            )
            SELECT array_agg(kind.name) INTO kinds FROM kind
            WHERE kind.name IS NOT NULL AND (types IS NULL OR kind.name = ANY (types));
            is_whole := true;
            -- Each kind comes from the index in its order, and the orders are merged.
            SELECT string_agg(format(
                '(SELECT id, sort_at, tsv FROM public.search_entry WHERE tenant_id = %s AND entity_type = %L '
                'AND sort_at >= %L::timestamptz AND (sort_at, id) < (%L::timestamptz, %s) ORDER BY sort_at DESC, id DESC)',
                tenant, kind, from_at, until_at, until_id
            ), ' UNION ALL ') INTO walk FROM unnest(kinds) AS kind;
            PERFORM set_config('enable_sort', 'off', true);  -- the walk is left long before its end
            FOR met IN EXECUTE format(
                'SELECT newest.id, newest.tsv @@ %L::tsquery AS is_hit FROM (%s) AS newest '
                'ORDER BY newest.sort_at DESC, newest.id DESC LIMIT %s',
                query, COALESCE(walk, 'SELECT 0 AS id, now() AS sort_at, NULL::tsvector AS tsv WHERE false'),
                (price * greatest(hits, entries))::bigint + 1
            ) LOOP
                walked := walked + 1;
                IF met.is_hit THEN
                    ids := ids || met.id;
                    EXIT WHEN cardinality(ids) = enough;
                END IF;
                IF walked % judged = 0 THEN
                    -- Words that go together make more hits than the planner expects: those met tell how many.
                    hits := greatest(hits, entries * cardinality(ids) / walked);
                    IF (enough - cardinality(ids)) * walked / greatest(cardinality(ids), 1) > price * hits THEN
                        is_whole := false;
                        EXIT;
                    END IF;
                END IF;
            END LOOP;
            PERFORM set_config('enable_sort', 'on', true);
        END IF;
        IF NOT is_whole THEN
            WITH hit AS MATERIALIZED (
                SELECT entry.id, entry.sort_at, entry.tenant_id, entry.entity_type FROM public.search_entry AS entry
                WHERE entry.tsv @@ (query && format('%L', 't:' || tenant)::tsquery)
            )
            SELECT array_agg(newest.id) INTO ids FROM (
                SELECT hit.id FROM hit
                WHERE hit.tenant_id = tenant AND (types IS NULL OR hit.entity_type = ANY (types))
                  AND hit.sort_at >= from_at AND (hit.sort_at, hit.id) < (until_at, until_id)
                ORDER BY hit.sort_at DESC, hit.id DESC LIMIT enough
            ) AS newest;
        END IF;
    END IF;
    RETURN QUERY
    SELECT entry.entity_type::text, entry.entity_id, entry.title::text, entry.sort_at, counted.hits, entry.id
    FROM (SELECT COALESCE(cardinality(ids), 0)::bigint AS hits) AS counted
    LEFT JOIN (
        SELECT page.* FROM public.search_entry AS page
        WHERE page.id = ANY (ids) AND page.tenant_id = tenant
        ORDER BY page.sort_at DESC, page.id DESC
        LIMIT LEAST(GREATEST(most, 0), enough - 1) OFFSET GREATEST(skip, 0)
    ) AS entry ON true
    ORDER BY entry.sort_at DESC, entry.id DESC;
END
$find$;

REVOKE ALL ON FUNCTION search_find FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_find TO egon_app;

-- Handing over takes membership and, for a moment, the right to create; a superuser needs neither.
DO $owner$
BEGIN
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        ALTER FUNCTION search_find OWNER TO egon_ops;
    ELSE
        IF NOT pg_has_role(current_user, 'egon_ops', 'USAGE') THEN
            EXECUTE format('GRANT egon_ops TO %I', current_user);
        END IF;
        GRANT CREATE ON SCHEMA public TO egon_ops;
        ALTER FUNCTION search_find OWNER TO egon_ops;
        REVOKE CREATE ON SCHEMA public FROM egon_ops;
    END IF;
END
$owner$;
