/* Callables and types by number. A number is given once a process and never again to something else; what is kept of a callable
 * is its names and its line table, never the callable. */
#ifndef SCOPE_INTERN_H
#define SCOPE_INTERN_H

#include "compat.h"
#include "event.h"
#include "stand_in.h"

/* What the hooks do with a code object in the running recording. The order matters: from RECORDED on, its frames are in scope. */
enum scope_mode {
    SCOPE_UNJUDGED = 0, /* not seen yet in this recording */
    SCOPE_HIDDEN,       /* Scope's own: leaves no trace, not even a span where it is called */
    SCOPE_OFF,          /* out of scope, never called from a frame in scope so far */
    SCOPE_OPAQUE,       /* out of scope; one span for each call from a frame in scope */
    SCOPE_RECORDED,     /* in scope, with something that the short path does not do */
    SCOPE_BARE,         /* in scope at level calls, a plain function, no limit of depth: the short path */
};

enum scope_level {
    SCOPE_LEVEL_OFF = 0,
    SCOPE_LEVEL_CALLS = 1,
    SCOPE_LEVEL_VALUES = 2,
    SCOPE_LEVEL_LINES = 3,
    SCOPE_LEVEL_HIDDEN = 255, /* never that of code in scope */
};

/* The bits of schema.CodeFlag. */
enum scope_code_flag {
    SCOPE_FLAG_GENERATOR = 1,
    SCOPE_FLAG_COROUTINE = 2,
    SCOPE_FLAG_ASYNC_GENERATOR = 4,
    SCOPE_FLAG_C = 8,
    SCOPE_FLAG_TYPE = 16,
    SCOPE_FLAG_OPAQUE = 32,
    SCOPE_FLAG_NAME = 64, /* not a callable but a variable's name, or a module's */
    SCOPE_FLAG_CLASS_BODY = 128, /* its names are its own, not its module's */
};
#define SCOPE_FLAG_SUSPENDS (SCOPE_FLAG_GENERATOR | SCOPE_FLAG_COROUTINE | SCOPE_FLAG_ASYNC_GENERATOR)

struct scope_code {
    uint64_t head;           /* id << SCOPE_DELTA_BITS: the part of a record's word that is the same for all its events */
    uint8_t mode;            /* enum scope_mode */
    uint8_t level;           /* enum scope_level */
    uint8_t flags;           /* enum scope_code_flag */
    bool thread_entry;       /* its frame is a thread's whole Python life */
    bool is_init;            /* its name is __init__ */
    bool has_self;           /* its first argument is the instance that it is a method of */
    bool secret;             /* its result is redacted: its own name looks like a secret's */
    bool used;               /* the running recording refers to it */
    bool monitored;          /* 3.12 and later: has local events of the running recording */
    bool calls;              /* 3.11: its bytecode has call instructions, so that there may be C calls to see */
    uint32_t id;
    int arguments;           /* how many of its first locals are arguments */
    uint32_t module_id;      /* at level lines: of the module's name, whose variables the code's names are; 0: they are its own */
    uint64_t secrets;        /* bit i: argument i (below 64) is redacted */
    PyCodeObject *code;      /* borrowed; NULL once it is gone, and for callables that are not code */
    PyObject *name;          /* owned str */
    PyObject *qualname;      /* owned str */
    PyObject *module;        /* owned str, or NULL */
    PyObject *file;          /* owned str, or NULL */
    struct scope_lines *table; /* owned, or NULL: its lines, if it is at level lines */
    PyObject *locals;        /* owned tuple of the locals' names, or NULL */
    PyObject *lines;         /* owned bytes, or NULL */
    PyObject *witness;       /* owned, or NULL: keeps an address in the entry's key from being used again */
    int first_line;
};

extern Py_ssize_t scope_extra_index;

/* What is known of a code object (the result lives as long as the process); NULL if it was never interned. */
static inline struct scope_code *scope_code_of(PyCodeObject *code)
{
    struct scope_code_extra *extra = (struct scope_code_extra *)code->co_extra;
    if (UNLIKELY(extra == NULL || extra->size <= scope_extra_index)) {
        return NULL;
    }
    return (struct scope_code *)extra->extras[scope_extra_index];
}

/* Asks for the place in co_extra and checks that it is where scope_code_of looks. -1 with an exception if it is not. */
int scope_intern_init(void);
int scope_callables_init(void);

/* These return NULL when memory or the ids have run out; they raise nothing. Arguments are borrowed. */
struct scope_code *scope_intern_code(PyCodeObject *code);
struct scope_code *scope_intern_callable(PyObject *callable);
struct scope_code *scope_intern_name(PyObject *name); /* of a variable or a module: an exact str */

/* The id of a type: what the log and captured values hold in its place. 0 when the table is full. */
uint32_t scope_intern_type(PyTypeObject *type);

/* Frees the lines of all code: the recording is over. */
void scope_intern_free_lines(void);

/* Judges all names anew, after the words that make a secret were replaced. */
void scope_intern_redact(void);

/* A blank entry with an id of its own; NULL when memory or the ids have run out. */
struct scope_code *scope_intern_new(void);

/* The callable with this id, or NULL. Ids run from 1 to scope_intern_count(). */
struct scope_code *scope_interned(uint32_t id);
uint32_t scope_intern_count(void);

/* The function (borrowed) behind a bound method and behind what of Scope's stands in for it, or the callable itself. */
static inline PyObject *scope_unwrap(PyObject *callable)
{
    callable = Py_IS_TYPE(callable, &PyMethod_Type) ? PyMethod_GET_FUNCTION(callable) : callable;
    return LIKELY(!scope_is_stand_in(callable)) ? callable : scope_behind(callable);
}

#endif
