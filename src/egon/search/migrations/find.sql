-- Under row security the GIN index would not be used: the operator @@ is not leakproof. So the search runs as
-- egon_ops, whom the policy "operations" lets see every row, and filters by the session's originator itself.
-- The lexeme t:<tenant> lets the index alone find the rows of the originator; the column is compared nevertheless.
CREATE OR REPLACE FUNCTION search_find(query tsquery, types text[], most integer, skip integer)
RETURNS TABLE (entity_type text, entity_id bigint, title text, sort_at timestamptz, total bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan
AS $find$
DECLARE
    tenant integer := NULLIF(current_setting('app.tenant_id', true), '')::integer;
    own tsquery;
BEGIN
    IF tenant IS NULL OR query IS NULL OR numnode(query) = 0 THEN
        RETURN;
    END IF;
    own := query && format('%L', 't:' || tenant)::tsquery;
    RETURN QUERY
    WITH matched AS MATERIALIZED (
        SELECT entry.id, entry.sort_at AS at
        FROM public.search_entry AS entry
        WHERE entry.tenant_id = tenant
          AND entry.tsv @@ own
          AND (types IS NULL OR entry.entity_type = ANY (types))
    ), page AS (
        SELECT matched.id, matched.at FROM matched ORDER BY matched.at DESC, matched.id DESC
        LIMIT LEAST(GREATEST(most, 0), 1000) OFFSET GREATEST(skip, 0)
    ), counted AS (
        SELECT LEAST(count(*), 1001) AS hits FROM matched
    )
    SELECT entry.entity_type::text, entry.entity_id, entry.title::text, page.at, counted.hits
    FROM counted
    LEFT JOIN page ON true
    LEFT JOIN public.search_entry AS entry ON entry.id = page.id AND entry.tenant_id = tenant
    ORDER BY page.at DESC, page.id DESC;
END
$find$;

REVOKE ALL ON FUNCTION search_find(tsquery, text[], integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_find(tsquery, text[], integer, integer) TO egon_app;

-- Handing over takes membership and, for a moment, the right to create; a superuser needs neither.
DO $owner$
BEGIN
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        ALTER FUNCTION search_find(tsquery, text[], integer, integer) OWNER TO egon_ops;
    ELSE
        IF NOT pg_has_role(current_user, 'egon_ops', 'USAGE') THEN
            EXECUTE format('GRANT egon_ops TO %I', current_user);
        END IF;
        GRANT CREATE ON SCHEMA public TO egon_ops;
        ALTER FUNCTION search_find(tsquery, text[], integer, integer) OWNER TO egon_ops;
        REVOKE CREATE ON SCHEMA public FROM egon_ops;
    END IF;
END
$owner$;
