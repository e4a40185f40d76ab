/* When a token was last used: whose it is finds the one that nothing uses any more. */
#include "store/backend.h"

const struct zj_migration zj_migration_token_used = {
    .number = 16,
    .name = "token_used",
    .sql = "ALTER TABLE api_token ADD COLUMN last_used INTEGER NOT NULL DEFAULT 0;\n",
};
