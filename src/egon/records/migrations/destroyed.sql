-- Nothing of records is destroyed except in the cases of NSESSS 7.2.1, whoever asks for it: rows of headers are never
-- deleted, contents of components never change and go only with a recorded destruction, and a destruction is recorded
-- only when its ground holds. What the product cannot prove yet is refused.

CREATE OR REPLACE FUNCTION records_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'NSESSS 7.2.1: % of % is not allowed', TG_OP, TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER records_document_stays BEFORE DELETE ON records_document
    FOR EACH ROW EXECUTE FUNCTION records_refuse();
CREATE TRIGGER records_file_stays BEFORE DELETE ON records_casefile
    FOR EACH ROW EXECUTE FUNCTION records_refuse();
CREATE TRIGGER records_component_stays BEFORE DELETE ON records_component
    FOR EACH ROW EXECUTE FUNCTION records_refuse();
CREATE TRIGGER records_destruction_stays BEFORE UPDATE OR DELETE ON records_destruction
    FOR EACH ROW EXECUTE FUNCTION records_refuse();
CREATE TRIGGER records_document_header BEFORE UPDATE ON records_document
    FOR EACH ROW WHEN (OLD.state = 'destroyed') EXECUTE FUNCTION records_refuse();
CREATE TRIGGER records_file_header BEFORE UPDATE ON records_casefile
    FOR EACH ROW WHEN (OLD.state = 'destroyed') EXECUTE FUNCTION records_refuse();
CREATE TRIGGER records_version_content BEFORE UPDATE OF digest, number, component_id ON records_componentversion
    FOR EACH ROW EXECUTE FUNCTION records_refuse();

CREATE OR REPLACE FUNCTION records_document_is_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM records_destruction WHERE document_id = NEW.id) THEN
        RAISE EXCEPTION 'NSESSS 7.2.1: document % has no recorded ground of destruction', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER records_document_destroyed BEFORE UPDATE ON records_document
    FOR EACH ROW WHEN (NEW.state = 'destroyed' AND OLD.state <> 'destroyed')
    EXECUTE FUNCTION records_document_is_recorded();

CREATE OR REPLACE FUNCTION records_file_is_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM records_destruction WHERE file_id = NEW.id) THEN
        RAISE EXCEPTION 'NSESSS 7.2.1: file % has no recorded ground of destruction', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER records_file_destroyed BEFORE UPDATE ON records_casefile
    FOR EACH ROW WHEN (NEW.state = 'destroyed' AND OLD.state <> 'destroyed')
    EXECUTE FUNCTION records_file_is_recorded();

CREATE OR REPLACE FUNCTION records_version_goes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM records_component c JOIN records_destruction d ON d.document_id = c.document_id
        WHERE c.id = OLD.component_id
    ) THEN
        RAISE EXCEPTION 'NSESSS 7.2.1: content of component % may not be destroyed', OLD.component_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER records_version_destroyed BEFORE DELETE ON records_componentversion
    FOR EACH ROW EXECUTE FUNCTION records_version_goes();

CREATE OR REPLACE FUNCTION records_ground_holds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    holds boolean := false;
BEGIN
    IF NEW.ground = 'withdrawn' THEN
        holds := EXISTS (SELECT 1 FROM records_document WHERE id = NEW.document_id AND state = 'withdrawn')
              OR EXISTS (SELECT 1 FROM records_casefile WHERE id = NEW.file_id AND state = 'withdrawn');
    ELSIF NEW.ground = 'consent' AND NEW.reference <> '' THEN
        -- A document goes only with its file, whose destruction is recorded first.
        holds := EXISTS (
            SELECT 1 FROM records_document t JOIN records_destruction d ON d.file_id = t.case_file_id
            WHERE t.id = NEW.document_id AND d.ground = 'consent' AND d.reference = NEW.reference
        ) OR EXISTS (
            SELECT 1 FROM records_casefile f JOIN records_recordclass c ON c.id = f.record_class_id
            WHERE f.id = NEW.file_id AND f.state = 'closed' AND c.standing_consent
              AND f.disposal_year <= EXTRACT(YEAR FROM now() AT TIME ZONE 'Europe/Prague')
              AND coalesce(nullif(f.resolved_mark, ''), f.disposal_mark) = 'S'
              AND NOT EXISTS (SELECT 1 FROM records_disposalhold h WHERE h.file_id = f.id AND h.lifted_on IS NULL)
        );
    END IF;
    IF NOT holds THEN
        RAISE EXCEPTION 'NSESSS 7.2.1: the ground % does not hold', NEW.ground USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER records_destruction_ground BEFORE INSERT ON records_destruction
    FOR EACH ROW EXECUTE FUNCTION records_ground_holds();
