/* Which store of the register a source of data lies in, as SQL, so that lists and rules judge alike:
 * its location is whole parts of the source's name (/data/crm is no location of /data/crm_bak), and of
 * several the longest one. */
#ifndef ZJ_BASE_STORE_PLACE_H
#define ZJ_BASE_STORE_PLACE_H

#define ZJ_PLACE_EDGE "[/:!@?#;,' || char(10) || ']"
/* The row of reg_data_stores; `source` may be several names with char(10) between. NULL: none. */
#define ZJ_PLACE_STORE(source, org)                                                                \
    "(SELECT s.id FROM reg_data_stores s WHERE s.org_id = " org " AND s.deleted_at = 0 AND "       \
    "COALESCE(s.location, '') <> '' AND (char(10) || " source " || char(10)) GLOB "                \
    "('*" ZJ_PLACE_EDGE "' || replace(replace(replace(rtrim(s.location, '/'), '[', '[[]'), '*', "  \
    "'[*]'), '?', '[?]') || '" ZJ_PLACE_EDGE "*') ORDER BY length(s.location) DESC, s.id LIMIT 1)"

#endif
