/* Where the instructions of a code object stand in the source. */
#ifndef SCOPE_LOCATIONS_H
#define SCOPE_LOCATIONS_H

#include "compat.h"

struct scope_location {
    int line;     /* 0: nowhere */
    bool several; /* it spans several lines */
};

/* Fills in the location of each code unit; those that the line table does not tell of stay as they are. */
void scope_locations_read(PyCodeObject *code, struct scope_location *locations, int units);

#endif
