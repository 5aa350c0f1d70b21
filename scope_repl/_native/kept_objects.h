/* What folding keeps of objects: the content of each as it was at the horizon. */
#ifndef SCOPE_KEPT_OBJECTS_H
#define SCOPE_KEPT_OBJECTS_H

#include "kept.h"

/* What a VERSION says of an object. */
void scope_keep_version(uint64_t address, uint32_t type, const uint8_t *data, uint32_t bytes);
/* Lets go of objects that nothing refers to any more, if there are many. `mark_spans` has to call the function that it is given with all
 * that is kept of spans. */
void scope_kept_collect(void (*mark_spans)(scope_see see));
void scope_kept_objects_clear(void);

/* As records: how much room they take, then the records themselves; returns where they end. */
size_t scope_kept_objects_bytes(void);
uint8_t *scope_kept_objects_write(uint8_t *at);

#endif
