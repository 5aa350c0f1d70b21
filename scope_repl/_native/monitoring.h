/* What monitoring.c (the callbacks) and tools.c (the tool ids) say to each other. */
#ifndef SCOPE_MONITORING_H
#define SCOPE_MONITORING_H

#include "recorder.h"

enum scope_tool { SCOPE_MAIN, SCOPE_BOUNDARY };

/* One event of sys.monitoring and the function that is called for it. */
struct scope_callback {
    enum scope_tool tool;
    const char *event;
    vectorcallfunc function;
};
extern const struct scope_callback scope_callbacks[];
enum { SCOPE_CALLBACKS = 16 };

/* Sets of events, by what they are for. */
enum scope_event_set {
    SCOPE_NO_EVENTS,
    SCOPE_GLOBAL_EVENTS,   /* every code object */
    SCOPE_RECORDED_EVENTS, /* a code object in scope */
    SCOPE_PLAIN_EVENTS,    /* the same when no call out of scope can be of interest */
    SCOPE_LINES_EVENTS,    /* a code object in scope at level lines */
    SCOPE_PLAIN_LINES_EVENTS,
    SCOPE_BOUNDARY_EVENTS, /* a code object out of scope that is called from scope */
    SCOPE_THREAD_EVENTS,   /* a thread's first frame */
    SCOPE_EVENT_SETS,
};

/* Whether the tool id is held: the second may not have been free. */
bool scope_tool_is_held(enum scope_tool tool);
/* Sets a code object's local events. */
void scope_watch_code(enum scope_tool tool, PyCodeObject *code, enum scope_event_set set);

extern PyObject *scope_disable; /* sys.monitoring.DISABLE */
extern PyObject *scope_missing; /* sys.monitoring.MISSING */

#endif
