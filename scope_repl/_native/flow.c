/* See flow.h. The interpreter tells of a line when another one ran before, or when it jumps back. What it tells of at a loop's head runs
 * until then: behind the loop too, where a comprehension that ends on the line of its head gives its variables back. */
#include "flow.h"

#include <stdlib.h>
#include <string.h>

#include "opcodes.h"

/* ---- the exception table, as Objects/exception_handling_notes.txt of CPython describes it ---- */

static int number(const unsigned char **at, const unsigned char *end)
{
    int value = 0;
    while (*at < end) {
        unsigned char byte = *(*at)++;
        value = value << 6 | (byte & 63);
        if (!(byte & 64)) {
            break;
        }
    }
    return value;
}

static void read_handlers(PyCodeObject *code, int *handlers, int units)
{
    const unsigned char *at = (const unsigned char *)PyBytes_AS_STRING(code->co_exceptiontable);
    const unsigned char *end = at + PyBytes_GET_SIZE(code->co_exceptiontable);
    while (at < end) {
        int unit = number(&at, end), count = number(&at, end), handler = number(&at, end);
        number(&at, end); /* the stack's depth */
        for (; count > 0 && unit < units; count--, unit++) {
            handlers[unit] = handler;
        }
    }
}

bool scope_flow_init(struct scope_flow *flow, PyCodeObject *code, const unsigned char *bytes, const struct scope_location *locations,
                     int units)
{
    *flow = (struct scope_flow){.bytes = bytes, .locations = locations, .units = units};
    flow->handlers = calloc((size_t)units + 1, sizeof *flow->handlers);
    flow->waiting = malloc(((size_t)units + 1) * sizeof *flow->waiting);
    flow->runs = calloc((size_t)units + 1, 1);
    if (flow->handlers == NULL || flow->waiting == NULL || flow->runs == NULL) {
        return false;
    }
    read_handlers(code, flow->handlers, units);
    return true;
}

void scope_flow_free(struct scope_flow *flow)
{
    free(flow->handlers);
    free(flow->waiting);
    free(flow->runs);
}

/* ---- from instruction to instruction ---- */

/* The argument of an instruction, with what stands in front of it. */
static int argument_of(const struct scope_flow *flow, int unit)
{
    unsigned argument = flow->bytes[2 * unit + 1];
    for (int before = unit - 1, shift = 8; before >= 0 && shift < 32 && flow->bytes[2 * before] == EXTENDED_ARG; before--, shift += 8) {
        argument |= (unsigned)flow->bytes[2 * before + 1] << shift;
    }
    return (int)argument;
}

/* Whether an instruction is the one that a loop goes on with at its end. Of a line that begins there the interpreter does not tell if it
 * is the one on which the loop's body has ended: since 3.14 it takes no account of the instructions between. */
static bool is_behind_loop(const struct scope_flow *flow, int unit)
{
#ifdef POP_ITER
    return unit > 0 && (flow->bytes[2 * unit - 2] == POP_ITER || flow->bytes[2 * unit - 2] == END_FOR);
#else
    (void)flow, (void)unit;
    return false;
#endif
}

void scope_flow_follow(struct scope_flow *flow, int unit)
{
    int head = flow->locations[unit].line, count = 0;
    if (flow->end > flow->first) {
        memset(flow->runs + flow->first, 0, (size_t)(flow->end - flow->first));
    }
    flow->first = unit;
    flow->end = unit + 1;
    flow->runs[unit] = 1;
    flow->waiting[count++] = unit;
    while (count > 0) {
        int at = flow->waiting[--count], next = at + 1;
        int line = flow->locations[at].line != 0 ? flow->locations[at].line : head;
        while (next < flow->units && flow->bytes[2 * next] == CACHE) {
            next++;
        }
        enum scope_way way = scope_way_of(flow->bytes[2 * at]);
        int jump = way == SCOPE_GOES_ON || way == SCOPE_ENDS ? 0 : argument_of(flow, at);
        bool back = way == SCOPE_JUMPS_BACK || way == SCOPE_MAY_JUMP_BACK;
        bool goes_on = way == SCOPE_GOES_ON || way == SCOPE_MAY_JUMP || way == SCOPE_MAY_JUMP_BACK;
        int to[] = {goes_on ? next : -1, jump == 0 ? -1 : back ? next - jump : next + jump, flow->handlers[at] ? flow->handlers[at] : -1};
        for (int i = 0; i < 3; i++) {
            if (to[i] < 0 || to[i] >= flow->units || flow->runs[to[i]]) {
                continue;
            }
            int there = flow->locations[to[i]].line;
            if (there == line || there == 0 || is_behind_loop(flow, to[i])) {
                flow->runs[to[i]] = 1;
                flow->waiting[count++] = to[i];
                flow->first = to[i] < flow->first ? to[i] : flow->first;
                flow->end = to[i] >= flow->end ? to[i] + 1 : flow->end;
            }
        }
    }
}

/* ---- control that is handed over ---- */

static bool is_change(const unsigned char *instruction)
{
    return scope_effects[instruction[0]] & SCOPE_CHANGES || scope_is_in_place(instruction[0], instruction[1]);
}

void scope_flow_find_direct(const struct scope_flow *flow, uint8_t *direct)
{
    int changed = 0; /* the line that is going on, if it has changed anything */
    for (int unit = 0; unit < flow->units; unit++) {
        int line = flow->locations[unit].line;
        unsigned char opcode = flow->bytes[2 * unit];
        if (opcode == CACHE) { /* 3.12 leaves a frame that calls at the last one */
            direct[unit] = unit > 0 && direct[unit - 1];
            continue;
        }
        changed = line == 0 || line == changed ? changed : 0;
        direct[unit] = changed == 0 && scope_effects[opcode] & (SCOPE_CALLS | SCOPE_HANDS_OVER);
        changed = is_change(flow->bytes + 2 * unit) ? line : changed;
        if (changed == 0 || scope_way_of(opcode) != SCOPE_JUMPS_BACK) {
            continue;
        }
        for (int i = unit; i >= 0 && (flow->locations[i].line == line || flow->locations[i].line == 0); i--) {
            direct[i] = 0; /* a loop on one line: what it changes comes before all of it */
        }
    }
}
