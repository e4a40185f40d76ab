/* Which files of a run could not be read, or not to their end. */
#include "sense/sense.h"

#include <stdlib.h>
#include <string.h>

void zj_sense_fault_add(struct zj_sense_faults *faults, const char *file, const char *message)
{
    if (!faults)
        return;
    faults->at = zj_realloc(faults->at, (faults->count + 1) * sizeof *faults->at);
    faults->at[faults->count++] = (struct zj_sense_fault){zj_strdup(file), zj_strdup(message)};
}

void zj_sense_faults_release(struct zj_sense_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++) {
        free(faults->at[i].file);
        free(faults->at[i].message);
    }
    free(faults->at);
    *faults = (struct zj_sense_faults){0};
}
