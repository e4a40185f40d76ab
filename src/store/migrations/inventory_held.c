/* What a column holds, a row a type: text holds several, and each counts by itself. The further types
 * of former runs have no class and grade here until they are read again, under newer rules. */
#include "store/backend.h"

const struct zj_migration zj_migration_inventory_held = {
    .number = 19,
    .name = "inventory_held",
    .sql = "CREATE TABLE inv_held (\n"
           "  column_id INTEGER NOT NULL,\n"
           "  type TEXT NOT NULL,\n"
           "  object_id INTEGER NOT NULL,\n"
           "  category TEXT NOT NULL,\n"
           "  grade INTEGER NOT NULL,\n"
           "  is_personal INTEGER NOT NULL,\n"
           "  is_sensitive INTEGER NOT NULL,\n"
           "  is_confirmed INTEGER NOT NULL,\n" /* the values are of it, not text around it */
           "  PRIMARY KEY (column_id, type)\n"
           ") STRICT, WITHOUT ROWID;\n"
           "CREATE INDEX inv_held_object ON inv_held (object_id, type);\n"
           "CREATE INDEX inv_held_important ON inv_held (grade, object_id);\n"
           "INSERT INTO inv_held SELECT id, final_type, object_id, final_category, final_grade, "
           "final_personal, final_sensitive, CASE WHEN state = 'contains' THEN 0 ELSE 1 END FROM "
           "inv_column WHERE final_type <> '' AND is_gone = 0 AND (state <> 'suspected' OR verdict "
           "<> '');\n"
           "INSERT INTO inv_held WITH RECURSIVE part (id, object_id, type, rest) AS (SELECT id, "
           "object_id, '', others || ';' FROM inv_column WHERE others <> '' AND is_gone = 0 AND "
           "verdict IN ('', 'accept') UNION ALL SELECT id, object_id, substr(rest, 1, instr(rest, "
           "';') - 1), substr(rest, instr(rest, ';') + 1) FROM part WHERE rest <> '') SELECT id, "
           "type, object_id, '', 0, CASE WHEN type IN ('CN_USCC', 'IPV4', 'IPV6', 'SECRET', "
           "'BATTERY_CODE', 'CHARGER_ID', 'V2X_CERT_ID', 'MAP_DATA') THEN 0 ELSE 1 END, 0, 0 FROM "
           "part WHERE type <> '' ON CONFLICT DO NOTHING;\n",
};
