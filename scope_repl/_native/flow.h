/* Where control goes within one source line: which instructions of it run, once one of them does, before any of another line. */
#ifndef SCOPE_FLOW_H
#define SCOPE_FLOW_H

#include "locations.h"

struct scope_flow {
    const unsigned char *bytes;             /* borrowed: opcode, argument, opcode, argument … */
    const struct scope_location *locations; /* borrowed, one a code unit */
    int units;
    int *handlers;   /* owned, for each code unit where an exception in it goes; 0: out of the frame */
    int *waiting;    /* owned, instructions still to be followed */
    uint8_t *runs;   /* owned, for each code unit whether it is an instruction that was found */
    int first, end;  /* these stand from `first` to before `end` */
};

/* false when there is no memory; to be freed in any case. */
bool scope_flow_init(struct scope_flow *flow, PyCodeObject *code, const unsigned char *bytes, const struct scope_location *locations,
                     int units);
void scope_flow_free(struct scope_flow *flow);

/* Finds the instructions of a unit's line, and those without a line, that may run from that unit on. */
void scope_flow_follow(struct scope_flow *flow, int unit);

/* Sets for each code unit whether it runs a callable or a generator itself, and nothing that its line has changed before waits to be
 * looked at. */
void scope_flow_find_direct(const struct scope_flow *flow, uint8_t *direct);

#endif
