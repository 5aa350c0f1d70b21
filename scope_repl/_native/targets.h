/* Whether the objects that a line changes are found again by the variables that it loads: else anything that is in reach may be one. */
#ifndef SCOPE_TARGETS_H
#define SCOPE_TARGETS_H

#include <stdbool.h>
#include <stdint.h>

/* An instruction. `loaded`, `stored`: its slots, in its own order; -1 for none, and for what is never looked at. */
struct scope_step {
    int unit, next; /* where it stands, and the one behind it */
    unsigned char opcode;
    unsigned argument;
    int loaded[2], stored[2];
};

struct scope_targets {
    enum { SCOPE_TARGETS_STACK = 24, SCOPE_TARGETS_LIST = 48, SCOPE_TARGETS_JUMPS = 12 } bounds;
    int depth;
    int16_t stack[SCOPE_TARGETS_STACK]; /* of each value the slot that leads to it, or -1; what is below was there before the line */
    int jump_count;
    struct {
        int unit, depth, top;
    } jumps[SCOPE_TARGETS_JUMPS]; /* to instructions further on, with the stack as it is then */
    bool goes_on;                 /* control comes from the instruction before */
    int changed_count, stored_count;
    int16_t changed[SCOPE_TARGETS_LIST]; /* the slots by which what is changed is found; ~slot where its outcome is stored there */
    int16_t stored[SCOPE_TARGETS_LIST];  /* each as often as an instruction does */
    bool lost;                           /* something is changed to which no slot leads, or there was too much */
};

void scope_targets_begin(struct scope_targets *targets);
/* The next instruction of the line. */
void scope_targets_step(struct scope_targets *targets, const struct scope_step *step);
/* What stands between them belongs to another line. */
void scope_targets_skip(struct scope_targets *targets);
/* A slot is stored besides. */
void scope_targets_store(struct scope_targets *targets, int slot);
/* Whether all that the line changes is found again by slots that it loads. */
bool scope_targets_are_found(const struct scope_targets *targets);

#endif
