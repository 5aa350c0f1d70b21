/* What each source line of a code object can change, read off its bytecode once: which locals it binds, which it loads, and whether it
 * can reach further than that. It decides what is looked at when the line has run. */
#ifndef SCOPE_LINES_H
#define SCOPE_LINES_H

#include "compat.h"
#include "intern.h"

/* What the instructions of a line do, as bits. */
enum scope_deeds {
    SCOPE_DOES_CHANGE = 1,   /* changes an object that it loads */
    SCOPE_DOES_REACH = 2,    /* takes objects out of others */
    SCOPE_DOES_SUBSCRIBE = 4,
    SCOPE_DOES_CALL = 8,     /* runs callables, each of which is seen */
    SCOPE_DOES_ANYTHING = 16,
    SCOPE_HANDS_CONTROL_OVER = 32,
};

/* A line, or what of it runs when a loop comes back to its head. */
struct scope_line {
    int number;    /* the source line; 0: the beginning of a frame, before any line */
    uint8_t does;  /* enum scope_deeds */
    uint16_t store_count, load_count;
    uint32_t stores, loads; /* where the slots begin in scope_lines.lists: those bound or deleted, and those loaded */
};

/* A variable that is found by its name in a dictionary. */
struct scope_named {
    PyObject *name; /* owned str, interned */
    uint32_t id;    /* of the name, among the callables */
    bool is_global; /* in the function's globals; else in the frame's own namespace */
    bool only_loaded; /* the code never binds it: it is no variable of the frame, but may lead to an object that a line changes */
};

/* The lines of a code object. A slot is an index into co_localsplusnames or, from `locals` on, into `names`. */
struct scope_lines {
    int units;                 /* code units */
    int locals;                /* slots of co_localsplusnames */
    int slots;                 /* these and the names */
    uint16_t *at;              /* for each code unit its line's position in `lines`; the first one stands for none */
    int line_count;
    struct scope_line *lines;  /* lines[0]: the beginning of a frame: every slot may be bound */
    uint16_t *lists;           /* what the lines' lists are parts of */
    uint16_t *cells;           /* the slots that hold cells, which other frames bind too, and the names */
    int cell_count;
    uint64_t objects;          /* bit i: a slot whose number is i modulo 64 is a global that is only loaded */
    uint8_t *direct;           /* for each code unit whether it runs a callable or a generator itself, and its line has changed nothing before */
    struct scope_named *names;
    int name_count;
    uint8_t *secret;           /* for each slot whether its name looks like a secret's */
    bool is_module;            /* the body of a module: its own names are its globals */
    bool has_begun;            /* a body of a module that has been run */
};

/* Reads a code object's lines; NULL when there is no memory, or no way to number its slots. Raises nothing. */
struct scope_lines *scope_lines_read(PyCodeObject *code);
void scope_lines_free(struct scope_lines *lines);

/* The line of an instruction (in code units). */
static inline const struct scope_line *scope_line_at(const struct scope_lines *lines, int unit)
{
    return &lines->lines[unit >= 0 && unit < lines->units ? lines->at[unit] : 0];
}

#endif
