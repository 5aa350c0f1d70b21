/* Calls merged by where they were made: all calls of one function from one context are one context. */
#ifndef SCOPE_CONTEXTS_H
#define SCOPE_CONTEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct contexts {
    int32_t *parent, *code; /* owned; a parent stands before its children; -1: a root */
    int32_t *first;         /* owned; the first row of each */
    size_t count, room;
    int32_t *cells; /* owned; a hash of (parent, code) to context plus one; 0: free */
    size_t mask;
};

/* Numbers the context of each row: a row's parent stands before it, or is -1. False without memory. */
bool contexts_build(struct contexts *contexts, const int32_t *parent, const int32_t *code, int32_t *context, size_t rows);
void contexts_free(struct contexts *contexts);

#endif
