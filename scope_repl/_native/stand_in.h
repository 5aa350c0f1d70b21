/* Callables that stand where the program has others, for as long as a recording runs: they call what was there, and write down what it
 * did. To whoever asks, calls or pickles them they are what they stand in for. */
#ifndef SCOPE_STAND_IN_H
#define SCOPE_STAND_IN_H

#include "compat.h"

struct scope_stand_in {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyObject *original; /* owned: what stood there. For a class's method that was inherited: the inherited one */
    PyObject *weak;     /* the weak references to it; the interpreter's */

    /* of a class's __setattr__ or __delattr__ (attributes.c) */
    PyTypeObject *owner;  /* owned: in whose dictionary it stands; NULL for the others, which stand in an instance's */
    bool was_inherited;   /* nothing stood there before */
    bool deletes;         /* it is __delattr__ */
    bool everyone;        /* all instances are watched, and not only some */
    PyTypeObject *type;   /* what `next` was found for; only compared */
    unsigned version;     /* that type's version when it was found */
    PyObject *next;       /* borrowed from the type's bases, for as long as its version stays */

    /* of something that shows text (output.c) */
    int stream;
};

extern PyTypeObject *scope_stand_in_type;

/* Once, at import. -1 with an exception. */
int scope_stand_in_init(void);

/* A new stand-in for `original` (borrowed), or NULL with an exception. */
struct scope_stand_in *scope_stand_in_new(vectorcallfunc function, PyObject *original);

static inline bool scope_is_stand_in(PyObject *object) { return Py_IS_TYPE(object, scope_stand_in_type); }

/* What a callable stands in for (borrowed), or the callable itself. */
static inline PyObject *scope_behind(PyObject *callable)
{
    while (UNLIKELY(scope_is_stand_in(callable))) {
        callable = ((struct scope_stand_in *)callable)->original;
    }
    return callable;
}

#endif
