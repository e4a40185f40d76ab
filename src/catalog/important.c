/* The proposal of the catalogue of important data: the eleven items of 166 Art. 12 as far as a
 * machine knows them. What only people know is empty, and nobody is named as a receiver whom
 * neither the registers nor the sensor show to receive this data. */
#include "base/clock.h"
#include "catalog/rows.h"

/* imp: the objects, with the store of the register that they lie in. held: what makes them
 * important: the types that are important by themselves, else the personal ones that a rule about
 * the whole raised. Parameters: $4 the language, $4 today. */
#define STORE_ID ZJ_PLACE_STORE("(o.source || char(10) || o.path)", "o.org_id")
#define OBJECTS                                                                                    \
    "imp AS (SELECT o.*, " STORE_ID " AS store_id FROM inv_object o WHERE o.final_grade >= 5 AND " \
    "o.is_twin = 0 AND o.is_gone = 0 AND" ZJ_ROWS_SCOPE("o.org_id") "), "
#define HELD                                                                                       \
    "held AS (SELECT i.id AS object_id, n.type, n.category, n.grade FROM imp i JOIN inv_held n "   \
    "ON n.object_id = i.id WHERE n.grade >= 5 OR (n.is_personal = 1 AND NOT EXISTS (SELECT 1 "     \
    "FROM inv_held m WHERE m.object_id = i.id AND m.grade >= 5))) "

#define IS_HELD(value) value " IN (SELECT h.type FROM held h WHERE h.object_id = i.id)"
#define LISTS(reg, row)                                                                            \
    "EXISTS (SELECT 1 FROM reg_item t WHERE t.register = '" reg "' AND t.field = 'data_types' "    \
    "AND t.row_id = " row ".id AND " IS_HELD("t.value") ")"

/* The sensor saw data of such a type go to an endpoint of the row. */
#define RECEIVES(reg, row)                                                                         \
    "EXISTS (SELECT 1 FROM reg_range g JOIN fact_transfer f ON f.org_id = g.org_id AND ((g.host "  \
    "= '' AND f.dst_key BETWEEN g.lo AND g.hi) OR (g.host <> '' AND (f.host = g.host OR f.host "   \
    "LIKE '%.' || g.host))) AND (g.port = 0 OR f.port = 0 OR g.port = f.port) WHERE g.register "   \
    "= '" reg "' AND g.field = 'endpoints' AND g.row_id = " row                                    \
    ".id AND " IS_HELD("f.data_type") ")"

/* A share that has not ended, */
#define SHARE_LIVES                                                                                \
    " s.deleted_at = 0 AND NOT EXISTS (SELECT 1 FROM work_case w WHERE w.register = 'shares' AND " \
    "w.row_id = s.id AND w.state IN ('ended', 'discarded')) "
#define SHARED_ASSET                                                                               \
    "SELECT 1 FROM reg_shares s JOIN reg_data_assets a ON a.org_id = s.org_id AND a.code = "       \
    "s.data_asset AND a.deleted_at = 0 "
#define OF_PARTNER " WHERE s.org_id = p.org_id AND s.partner = p.code AND" SHARE_LIVES
/* of an asset that lies in the object's store or system. */
#define SHARE_HERE                                                                                 \
    "EXISTS (" SHARED_ASSET "JOIN reg_data_stores d ON d.id = i.store_id AND (a.store = d.code "   \
    "OR (COALESCE(d.system, '') <> '' AND a.system = d.system))" OF_PARTNER                        \
    "AND (COALESCE(s.data_types, '') = '' OR " LISTS("shares", "s") "))"
/* The ledger lists the type, its contract runs, and its shares are not of other data alone. */
#define LEDGER_HERE                                                                                \
    "(COALESCE(p.contract_to, '') = '' OR p.contract_to >= $4) AND " LISTS(                        \
        "partners", "p") " AND NOT EXISTS (" SHARED_ASSET OF_PARTNER                               \
                         "AND (COALESCE(a.store, '') <> '' OR COALESCE(a.system, '') <> ''))"

#define NAMES(of) "COALESCE((SELECT group_concat(x.name, $5) FROM (" of ") x), '')"

#define SHARING                                                                                    \
    NAMES("SELECT DISTINCT p.name FROM reg_partners p WHERE p.org_id = i.org_id AND p.deleted_at " \
          "= 0 AND (" SHARE_HERE " OR (" LEDGER_HERE ")%s) ORDER BY p.name")
#define EXPORT                                                                                     \
    NAMES("SELECT DISTINCT e.receiver AS name FROM reg_exports e WHERE e.org_id = i.org_id AND "   \
          "e.deleted_at = 0 AND ((COALESCE(e.valid_to, '') = '' OR e.valid_to >= $4) AND " LISTS(  \
              "exports", "e") "%s) ORDER BY 1")
#define PURPOSE                                                                                    \
    "COALESCE((SELECT a.purpose FROM reg_data_assets a JOIN reg_data_stores d ON d.id = "          \
    "i.store_id AND a.store = d.code WHERE a.org_id = i.org_id AND a.deleted_at = 0 AND "          \
    "COALESCE(a.purpose, '') <> '' AND " LISTS("data_assets", "a") " ORDER BY a.id LIMIT 1), '')"
#define HELD_CLASSES " FROM held h JOIN class k ON k.id = h.category WHERE h.object_id = i.id "
#define LABELS                                                                                     \
    NAMES("SELECT k.label AS name" HELD_CLASSES                                                    \
          "GROUP BY k.label ORDER BY max(h.grade) DESC, min(h.category)")
/* The reason of the person who raised it; that a column is of this level by its class; else the rules
 * about the whole. */
#define BY_CLASS "'%s' || NULLIF(" LABELS ", '')"
#define WHY                                                                                        \
    "COALESCE((SELECT v.reason FROM inv_column c JOIN inv_verdict v ON v.id = c.verdict_id WHERE " \
    "c.object_id = i.id AND c.final_grade >= 5 AND c.final_grade > c.grade AND v.reason <> '' "    \
    "ORDER BY c.final_grade DESC, v.id DESC LIMIT 1), CASE WHEN EXISTS (SELECT 1 FROM inv_held n " \
    "WHERE n.object_id = i.id AND n.grade >= i.final_grade) THEN "                                 \
    BY_CLASS " END, NULLIF(" ZJ_ROWS_TEXT("i.final_why", "$7") ", ''), " BY_CLASS ", '')"
#define TITLE "COALESCE(NULLIF(" LABELS ", ''), i.path) AS title, "
#define CATEGORY                                                                                   \
    "COALESCE((SELECT group_concat(x.id, ',') FROM (SELECT k.id" HELD_CLASSES                      \
    "GROUP BY k.id ORDER BY max(h.grade) DESC, k.id) x), '') AS category, "
#define AXIS                                                                                       \
    "COALESCE((SELECT k.axis" HELD_CLASSES "ORDER BY h.grade DESC, k.id LIMIT 1), '') AS axis, "
#define RESPONSIBLE                                                                                \
    "COALESCE((SELECT g.name FROM reg_organisations g WHERE g.id = i.org_id), '') AS "             \
    "responsible, "
#define SAFEGUARDS                                                                                 \
    "CASE WHEN EXISTS (SELECT 1 FROM reg_data_stores d WHERE d.id = i.store_id AND "               \
    "d.is_encrypted = 1) THEN $6 ELSE '' END AS safeguards, "

static const char items[] =
    "SELECT i.id AS object_id, " TITLE "i.path, i.source, " CATEGORY LABELS
    " AS category_names, " AXIS "i.final_grade AS grade, i.row_count AS records, i.bytes, i.kind "
    "AS carrier, " PURPOSE " AS purpose, '' AS used_in, " RESPONSIBLE SHARING " AS sharing, " EXPORT
    " AS export, " SAFEGUARDS "NULLIF(i.final_subjects, 0) AS subjects, " WHY
    " AS grade_why FROM imp i ORDER BY i.final_grade DESC, i.path";

zj_err zj_catalog_important(struct zj_job *job, struct zj_store *store,
                            const struct zj_scope *scope, const struct zj_catalog_filter *filter,
                            struct zj_json *out, int64_t *out_total)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    char today[ZJ_TIME_TEXT];
    bool has_facts = false;
    zj_date_format(zj_date_of_time(zj_now_ns(job)), today);
    zj_err err = zj_store_has_table(job, store, "fact_transfer", &has_facts);
    zj_buf_str(&sql, "WITH ");
    if (!err)
        err = zj_rows_classes(job, &sql);
    if (err)
        return err;
    zj_buf_str(&sql, ", " OBJECTS HELD);
    const char *by_class = zj_tr(job, "the level of its class in the taxonomy: ",
                                 "按分类分级目录，该类数据即为此级别：");
    zj_buf_printf(&sql, items, has_facts ? " OR " RECEIVES("partners", "p") : "",
                  has_facts ? " OR " RECEIVES("exports", "e") : "",
                  by_class, by_class);
    const struct zj_rows_query query = {
        .sql = zj_buf_cstr(&sql),
        .texts = {today, zj_tr(job, "; ", "、"), zj_tr(job, "stored encrypted", "加密存储")},
        .text_count = 3,
        .ints = {job->lang == ZJ_ZH},
        .int_count = 1,
    };
    err = zj_rows_write(job, store, scope, filter, &query, out);
    return err ? err : zj_rows_count(job, store, scope, filter, &query, out_total);
}
