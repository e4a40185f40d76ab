/* Where the program finds the data it ships with: packs, the console, the country database. */
#ifndef ZJ_BASE_PATHS_H
#define ZJ_BASE_PATHS_H

#include "base/job.h"

/* Path of `name` ("packs", "web/dist", "build/geo/country.mmdb") in the first place that has it:
 * $ZHUJI_SHARE, the build tree that holds the program, PREFIX/share/zhuji. In the job's arena; NULL
 * where no place has it. */
const char *zj_data_path(struct zj_job *job, const char *name);

#endif
