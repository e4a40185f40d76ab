/* Temporary files and folders, nobody's but ours: in $TMPDIR, or /tmp where it is not set. Who
 * makes a named one removes it; a nameless one goes with its last descriptor. */
#ifndef ZJ_BASE_TEMP_H
#define ZJ_BASE_TEMP_H

#include "base/mem.h"

/* Where they are. */
const char *zj_temp_folder(void);

/* An open file "zhuji-<what>-…", for libraries that want a name; -1 and errno where there is none.
 * *out_path is set in any case, for the message. */
int zj_temp_file(struct zj_arena *arena, const char *what, char **out_path);

/* An open file without a name; in memory where the folder's file system has no such files. */
int zj_temp_nameless(void);

/* A folder "zhuji-<what>-…"; false and errno where there is none. */
bool zj_temp_dir(struct zj_arena *arena, const char *what, char **out_path);

#endif
