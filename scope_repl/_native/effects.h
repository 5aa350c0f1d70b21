/* What a call can change, as far as its callable tells. Objects that only code at level lines changes are looked at where it changes
 * them; after anything else, all that is in reach has to be looked at again. */
#ifndef SCOPE_EFFECTS_H
#define SCOPE_EFFECTS_H

#include "recorder.h"

enum scope_call_effect {
    SCOPE_CALL_CHANGES_NOTHING, /* or what it runs is at level lines, and looks for itself */
    SCOPE_CALL_CHANGES_SELF,    /* a method of a builtin container */
    SCOPE_CALL_DOES_ANYTHING,
};

/* `first` (borrowed, may be NULL): the first argument. `*self` is then the object that it changes (borrowed). */
enum scope_call_effect scope_call_effect(PyObject *callable, PyObject *first, PyObject **self);

/* How often something has run so far that may have changed objects unseen. */
extern uint64_t scope_doubt;

#endif
