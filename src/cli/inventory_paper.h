/* The report of an inventory that no store keeps: what is found is gathered as it comes, and
 * written section by section when all is read. */
#ifndef ZJ_CLI_INVENTORY_PAPER_H
#define ZJ_CLI_INVENTORY_PAPER_H

#include "catalog/catalog.h"

struct zj_inventory_paper {
    bool all_columns; /* those in which nothing was found, too */
    struct zj_buf objects, columns, unread;
    struct {
        uint64_t objects, columns, personal, sensitive;
    } grades[ZJ_INV_GRADE_CORE + 1];
};

void zj_inventory_paper_release(struct zj_inventory_paper *p);
void zj_inventory_paper_object(struct zj_job *job, struct zj_inventory_paper *p,
                               const struct zj_inv_object *object);
void zj_inventory_paper_unread(struct zj_inventory_paper *p, const char *place, const char *reason);
/* Writes the columns gathered so far and forgets them: for files that hold the data list alone. */
zj_err zj_inventory_paper_columns(struct zj_job *job, struct zj_inventory_paper *p,
                                  struct zj_paper *paper);
/* `sheet` is the run as a line of JSON. */
zj_err zj_inventory_paper_write(struct zj_job *job, struct zj_inventory_paper *p,
                                struct zj_span sheet, struct zj_paper *paper);

#endif
