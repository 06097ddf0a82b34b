-- Under row security the GIN index would not be used: the operator @@ is not leakproof. So the search runs as
-- egon_ops, whom the policy "operations" lets see every row, and filters by the session's originator itself.
--
-- The newest thousand hits and one more are found in one of two ways, whichever is expected to read less:
--   * words that many entries have: the originator's entries are walked from the newest until there are enough;
--   * others: the GIN index gives all the hits, and the newest are chosen of them. The lexeme t:<tenant> lets the
--     index alone find those of the originator; the column is compared nevertheless.
-- How many hits to expect is asked of the planner; when it was wrong, the walk ends early and the index takes over.
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
AS $find$
DECLARE
    enough CONSTANT integer := 1001;
    tenant integer := NULLIF(current_setting('app.tenant_id', true), '')::integer;
    from_at CONSTANT timestamptz := COALESCE(since, '-infinity');
    until_at CONSTANT timestamptz := COALESCE(before, 'infinity');
    until_id CONSTANT bigint := COALESCE(before_id, 0);
    within text;
    plan json;
    entries float;
    hits float;
    walk bigint;
    ids bigint[];
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
        within := format('tenant_id = %s', tenant);
        IF since IS NOT NULL THEN
            within := within || format(' AND sort_at >= %L', since);
        END IF;
        IF before IS NOT NULL THEN
            within := within || format(' AND sort_at <= %L', before);
        END IF;
        EXECUTE 'EXPLAIN (FORMAT JSON) SELECT FROM public.search_entry WHERE ' || within INTO plan;
        entries := plan -> 0 -> 'Plan' ->> 'Plan Rows';
        EXECUTE format(
            'EXPLAIN (FORMAT JSON) SELECT FROM public.search_entry WHERE %s AND tsv @@ %L::tsquery', within, query
        ) INTO plan;
        hits := plan -> 0 -> 'Plan' ->> 'Plan Rows';
        walk := enough * entries / greatest(hits, 1);
        IF walk <= 2 * hits THEN  -- a hit of the index costs about as much as two or three steps of the walk
            SELECT array_agg(hit.id) INTO ids FROM (
                SELECT newest.id FROM (
                    SELECT entry.id, entry.sort_at, entry.entity_type, entry.tsv FROM public.search_entry AS entry
                    WHERE entry.tenant_id = tenant AND entry.sort_at >= from_at
                      AND (entry.sort_at, entry.id) < (until_at, until_id)
                    ORDER BY entry.sort_at DESC, entry.id DESC LIMIT 3 * walk
                ) AS newest
                WHERE newest.tsv @@ query AND (types IS NULL OR newest.entity_type = ANY (types))
                ORDER BY newest.sort_at DESC, newest.id DESC LIMIT enough
            ) AS hit;
        END IF;
        IF COALESCE(cardinality(ids), 0) < enough THEN
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
