/* Level lines: what was last written of each frame's locals, and what is written when a line begins or a frame is left. */
#ifndef SCOPE_LOCALS_H
#define SCOPE_LOCALS_H

#include "lines.h"
#include "recorder.h"

/* The shadow of a frame at level lines: what the log says of it. */
struct scope_shadow {
    struct _PyInterpreterFrame *frame; /* only compared, and read while it runs */
    struct scope_code *entry;
    struct scope_lines *lines;         /* the entry's */
    struct scope_shadow *below;        /* of the frame that ran before on the same thread; unused while suspended */
    uint32_t line;                     /* position in lines->lines: what is running */
    uint32_t room;                     /* slots that it was made for */
    bool cut;                          /* not all in reach of the frame was looked at when last all of it should have been */
    const uint64_t *cursor;            /* where the thread's cursor was behind the frame's last record */
    uint64_t doubt;                    /* scope_doubt when all in reach of the frame was last known */
    uint64_t held;                     /* bit i: a slot whose number is i modulo 64 may hold an object that can change */
    uint64_t digests[];                /* of each slot's value; 0: not bound */
};

/* The frame is entered for the first time, behind its CALL; or again, behind its RESUME or THROW. */
void scope_locals_enter(struct scope_thread *thread, struct scope_code *entry, struct _PyInterpreterFrame *frame, bool first);
/* The instruction (in code units) at which a line begins is about to run. */
void scope_record_line(struct scope_thread *thread, struct scope_code *entry, struct _PyInterpreterFrame *frame, int unit);
/* The frame is about to be left, with a value (borrowed; NULL: by an exception): what its last line has changed is written, and the
 * value looked at, in front of the record that ends or suspends it. */
void scope_locals_leave(struct scope_thread *thread, struct scope_code *entry, struct _PyInterpreterFrame *frame, PyObject *value,
                        bool suspended);

/* Whether a value is, or holds, an object that can change. */
static inline bool scope_holds_object(PyObject *value)
{
    const PyTypeObject *type = Py_TYPE(value);
    return !(type == &PyLong_Type || type == &PyFloat_Type || type == &PyUnicode_Type || value == Py_None || type == &PyBool_Type ||
             type == &PyBytes_Type || type == &PyComplex_Type);
}

/* Frees the shadows of a thread, and those of suspended frames. */
void scope_shadows_release(struct scope_thread *thread);
void scope_shadows_clear(void);

#endif
