/* is_gone: a later run went over the object's source and did not meet it. is_kept: it could not read
 * it, so that what is known of it is older. */
#include "store/backend.h"

const struct zj_migration zj_migration_inventory_gone = {
    .number = 18,
    .name = "inventory_gone",
    .sql = "ALTER TABLE inv_object ADD COLUMN is_gone INTEGER NOT NULL DEFAULT 0;\n"
           "ALTER TABLE inv_object ADD COLUMN is_kept INTEGER NOT NULL DEFAULT 0;\n"
           "CREATE INDEX inv_unread_run ON inv_unread (run_id, place);\n"
           "UPDATE inv_object SET is_gone = 1 WHERE id IN (SELECT o.id FROM inv_object o JOIN "
           "(SELECT n.org_id, n.source, max(n.last_run) AS last_run FROM inv_object n JOIN "
           "inv_run r ON r.id = n.last_run AND r.state IN ('done', 'partial') WHERE NOT EXISTS "
           "(SELECT 1 FROM inv_unread u WHERE u.run_id = n.last_run) GROUP BY n.org_id, n.source) "
           "l ON l.org_id = o.org_id AND l.source = o.source WHERE o.last_run < l.last_run);\n",
    .sm3_before = "767fda7ab9cd0cd9b774315e954d2e25a0ab8b8638890d5211dc0b84ea8839cd",
};
