/* See lines.h. The bytecode is read without the interpreter's own changes to it. */
#include "lines.h"

#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "flow.h"
#include "locations.h"
#include "opcodes.h"
#include "targets.h"

enum { SLOTS_MAX = 0x7fff, LINES_MAX = 0xfffe, DOES_ANYTHING = 1 << 16, DOES_IN_PLACE = 1 << 17 };

/* ---- building ---- */

struct builder {
    PyCodeObject *code;               /* borrowed */
    const unsigned char *bytes;       /* opcode, argument, opcode, argument … */
    struct scope_location *locations; /* owned, one a code unit */
    struct scope_flow flow;
    struct scope_lines *lines;
    size_t list_used, list_room;
    bool opens_instances;             /* it takes the dictionaries of instances, and may change attributes through them */
    int16_t *name_slots;              /* owned, for each of co_names its slots, in the frame's namespace and in the globals, or -1 */
};

static bool uses_name(PyCodeObject *code, const char *name)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(code->co_names); i++) {
        if (PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(code->co_names, i), name) == 0) {
            return true;
        }
    }
    return false;
}

/* The slot of one of the code's names; -1 when there is no memory. */
static int name_slot(struct builder *b, unsigned index, bool is_global, bool only_loaded)
{
    if (index >= (unsigned)PyTuple_GET_SIZE(b->code->co_names)) {
        return -1;
    }
    int16_t *slot = &b->name_slots[2 * index + (is_global && !b->lines->is_module)]; /* a module's own names are its globals */
    if (*slot >= 0) {
        struct scope_named *known = &b->lines->names[*slot - b->lines->locals];
        known->only_loaded = known->only_loaded && only_loaded;
        return *slot;
    }
    PyObject *name = PyTuple_GET_ITEM(b->code->co_names, index);
    struct scope_code *entry = scope_intern_name(name);
    if (entry == NULL || b->lines->slots >= SLOTS_MAX) {
        return -1;
    }
    b->lines->names[b->lines->name_count++] = (struct scope_named){Py_NewRef(name), entry->id, is_global, only_loaded};
    return *slot = (int16_t)b->lines->slots++;
}

/* The slot of the name that an instruction is about. */
static int slot_of_name(struct builder *b, unsigned char opcode, unsigned argument)
{
    if (opcode == LOAD_GLOBAL) {
        return name_slot(b, argument >> 1, true, true); /* the lowest bit says something else */
    }
    return name_slot(b, argument, opcode == STORE_GLOBAL || opcode == DELETE_GLOBAL, false);
}

static bool add_to_list(struct builder *b, uint16_t slot, size_t first)
{
    for (size_t i = first; i < b->list_used; i++) {
        if (b->lines->lists[i] == slot) {
            return true;
        }
    }
    if (b->list_used == b->list_room) {
        size_t room = b->list_room ? 2 * b->list_room : 64;
        uint16_t *larger = realloc(b->lines->lists, room * sizeof *larger);
        if (larger == NULL) {
            return false;
        }
        b->lines->lists = larger;
        b->list_room = room;
    }
    b->lines->lists[b->list_used++] = slot;
    return true;
}

/* Which units belong to the line that is being read. */
struct extent {
    int line, first, end; /* units from first to before end */
    const uint8_t *runs;  /* borrowed: which of these; NULL: those of the line, wherever they stand, and those without a line */
};

static bool belongs(const struct builder *b, const struct extent *extent, int unit)
{
    int line = b->locations[unit].line;
    return extent->runs != NULL ? extent->runs[unit] : line == extent->line || line == 0;
}

/* The slots of an instruction that it loads or stores, as `effect` says; -1 where there is none. */
static void slots_of(struct builder *b, unsigned char opcode, unsigned argument, uint16_t effect, int slots[2])
{
    uint16_t effects = scope_effect_of(opcode, argument);
    slots[0] = slots[1] = -1;
    if (!(effects & effect)) {
        return;
    }
    slots[0] = (int)argument;
    if (effects & SCOPE_NAMED_SLOT) {
        slots[0] = slot_of_name(b, opcode, argument);
    } else if (effects & SCOPE_PAIR) {
        slots[0] = (int)(argument >> 4);
        slots[1] = (int)(argument & 15);
        if (effects & SCOPE_LOADS && effects & SCOPE_STORES) { /* STORE_FAST_LOAD_FAST: the first is stored */
            slots[0] = effect == SCOPE_STORES ? slots[0] : slots[1];
            slots[1] = -1;
        }
    }
    for (int i = 0; i < 2; i++) {
        slots[i] = slots[i] < b->lines->slots ? slots[i] : -1;
    }
}

/* One pass over the instructions of an extent: adds the slots that have `effect` to the list, and the effects to `*all`. */
static bool read_slots(struct builder *b, const struct extent *extent, uint16_t effect, size_t first, unsigned *all)
{
    unsigned argument = 0;
    for (int unit = extent->first; unit < extent->end; unit++) {
        unsigned char opcode = b->bytes[2 * unit];
        argument = argument << 8 | b->bytes[2 * unit + 1];
        if (opcode == EXTENDED_ARG) {
            continue;
        }
        unsigned whole = argument;
        argument = 0;
        if (!belongs(b, extent, unit)) {
            continue;
        }
        uint16_t effects = scope_effect_of(opcode, whole);
        bool own = b->locations[unit].line == extent->line; /* what has no line cleans up: it binds, but runs nothing of the program's */
        if (own) {
            *all |= effects == SCOPE_ANYTHING ? DOES_ANYTHING : effects;
            *all |= (effects & SCOPE_CHANGES) && b->locations[unit].several ? DOES_ANYTHING : 0;
            *all |= scope_is_in_place(opcode, whole) ? DOES_IN_PLACE : 0;
        }
        if (!(effects & effect)) {
            continue;
        }
        int slots[2];
        slots_of(b, opcode, whole, effect, slots);
        for (int i = 0; i < 2; i++) {
            if (slots[i] >= 0 && !add_to_list(b, (uint16_t)slots[i], first)) {
                return false;
            }
        }
    }
    return true;
}

/* Whether what the instructions of an extent change is found again by slots that they load. */
static bool finds_targets(struct builder *b, const struct extent *extent)
{
    struct scope_targets targets;
    scope_targets_begin(&targets);
    unsigned argument = 0;
    int begin = extent->first; /* of an instruction, with what stands in front of it */
    for (int unit = extent->first; unit < extent->end; unit++) {
        unsigned char opcode = b->bytes[2 * unit];
        argument = argument << 8 | b->bytes[2 * unit + 1];
        if (opcode == EXTENDED_ARG) {
            continue;
        }
        struct scope_step step = {begin, unit + 1, opcode, argument, {-1, -1}, {-1, -1}};
        bool inside = belongs(b, extent, unit);
        argument = 0;
        begin = unit + 1;
        if (!inside) {
            scope_targets_skip(&targets);
            continue;
        }
        slots_of(b, opcode, step.argument, SCOPE_STORES, step.stored);
        if (b->locations[unit].line != extent->line) { /* it cleans up */
            scope_targets_skip(&targets);
            scope_targets_store(&targets, step.stored[0]);
            scope_targets_store(&targets, step.stored[1]);
            continue;
        }
        while (step.next < extent->end && b->bytes[2 * step.next] == CACHE) {
            step.next++;
        }
        begin = step.next;
        unit = step.next - 1;
        slots_of(b, opcode, step.argument, SCOPE_LOADS, step.loaded);
        for (int i = 0; i < 2; i++) {
            if (step.loaded[i] >= 0 && b->lines->secret[step.loaded[i]]) {
                step.loaded[i] = -1; /* what it leads to is never looked at through it */
            }
        }
        scope_targets_step(&targets, &step);
    }
    return scope_targets_are_found(&targets);
}

static uint8_t deeds_of(unsigned all)
{
    return (all & DOES_ANYTHING ? SCOPE_DOES_ANYTHING : 0) | (all & SCOPE_CHANGES ? SCOPE_DOES_CHANGE : 0) |
           (all & SCOPE_REACHES ? SCOPE_DOES_REACH : 0) | (all & SCOPE_SUBSCRIBES ? SCOPE_DOES_SUBSCRIBE : 0) |
           (all & SCOPE_CALLS ? SCOPE_DOES_CALL : 0) | (all & SCOPE_HANDS_OVER ? SCOPE_HANDS_CONTROL_OVER : 0);
}

/* Appends a line. Returns its position, 0 on failure. */
static int add_line(struct builder *b, const struct extent *extent)
{
    if (b->lines->line_count >= LINES_MAX) {
        return 0;
    }
    struct scope_line *larger = realloc(b->lines->lines, (size_t)(b->lines->line_count + 1) * sizeof *larger);
    if (larger == NULL) {
        return 0;
    }
    b->lines->lines = larger;
    unsigned all = 0;
    size_t stores = b->list_used;
    if (!read_slots(b, extent, SCOPE_STORES, stores, &all)) {
        return 0;
    }
    size_t loads = b->list_used;
    if (!read_slots(b, extent, SCOPE_LOADS, loads, &all)) {
        return 0;
    }
    if (all & (SCOPE_CHANGES | DOES_IN_PLACE) && !finds_targets(b, extent)) {
        all |= DOES_ANYTHING;
    }
    larger[b->lines->line_count] = (struct scope_line){
        .number = extent->line,
        .does = deeds_of(all) | (b->opens_instances && all & (SCOPE_CHANGES | SCOPE_CALLS) ? SCOPE_DOES_ANYTHING : 0),
        .store_count = (uint16_t)(loads - stores),
        .load_count = (uint16_t)(b->list_used - loads),
        .stores = (uint32_t)stores,
        .loads = (uint32_t)loads,
    };
    return b->lines->line_count++;
}

static bool is_loop_head(const struct builder *b, int unit)
{
    while (unit + 1 < b->lines->units && b->bytes[2 * unit] == EXTENDED_ARG) {
        unit++;
    }
    return b->bytes[2 * unit] == FOR_ITER;
}

/* The position of the line that a unit belongs to, read if it is the first of it. */
static int line_of(struct builder *b, int unit)
{
    int line = b->locations[unit].line;
    if (line <= 0) {
        return 0;
    }
    if (is_loop_head(b, unit)) {
        scope_flow_follow(&b->flow, unit);
        return add_line(b, &(struct extent){line, b->flow.first, b->flow.end, b->flow.runs});
    }
    for (int before = unit - 1; before >= 0; before--) {
        if (b->locations[before].line == line && !is_loop_head(b, before)) {
            return b->lines->at[before];
        }
    }
    return add_line(b, &(struct extent){line, 0, b->lines->units, NULL});
}

/* What stands before any line: every slot may be bound. */
static bool add_beginning(struct builder *b)
{
    b->lines->lines = malloc(sizeof *b->lines->lines);
    if (b->lines->lines == NULL) {
        return false;
    }
    for (int slot = 0; slot < b->lines->slots; slot++) {
        bool bound = slot < b->lines->locals || !b->lines->names[slot - b->lines->locals].only_loaded;
        if (bound && !add_to_list(b, (uint16_t)slot, b->list_used)) {
            return false;
        }
    }
    b->lines->lines[0] = (struct scope_line){.store_count = (uint16_t)b->list_used};
    b->lines->line_count = 1;
    return true;
}

static bool read_names(struct builder *b)
{
    Py_ssize_t count = PyTuple_GET_SIZE(b->code->co_names);
    b->lines->names = calloc(2 * (size_t)count + 1, sizeof *b->lines->names);
    b->name_slots = malloc((2 * (size_t)count + 1) * sizeof *b->name_slots);
    if (b->lines->names == NULL || b->name_slots == NULL) {
        return false;
    }
    memset(b->name_slots, 0xff, (2 * (size_t)count + 1) * sizeof *b->name_slots);
    unsigned argument = 0;
    for (int unit = 0; unit < b->lines->units; unit++) {
        unsigned char opcode = b->bytes[2 * unit];
        argument = argument << 8 | b->bytes[2 * unit + 1];
        if (opcode == EXTENDED_ARG) {
            continue;
        }
        if (scope_effects[opcode] & SCOPE_NAMED_SLOT) {
            slot_of_name(b, opcode, argument);
        }
        argument = 0;
    }
    return true;
}

static bool read_cells(struct builder *b)
{
    struct scope_lines *lines = b->lines;
    lines->cells = malloc(((size_t)lines->slots + 1) * sizeof *lines->cells);
    lines->secret = calloc((size_t)lines->slots + 1, 1);
    if (lines->cells == NULL || lines->secret == NULL) {
        return false;
    }
    for (int slot = 0; slot < lines->slots; slot++) {
        bool local = slot < lines->locals;
        PyObject *name = local ? PyTuple_GET_ITEM(b->code->co_localsplusnames, slot) : lines->names[slot - lines->locals].name;
        lines->secret[slot] = (uint8_t)scope_is_secret(name);
        if (!local && lines->names[slot - lines->locals].only_loaded) {
            lines->objects |= UINT64_C(1) << (slot & 63);
        } else if (!local || _PyLocals_GetKind(b->code->co_localspluskinds, slot) & (CO_FAST_CELL | CO_FAST_FREE)) {
            lines->cells[lines->cell_count++] = (uint16_t)slot;
        }
    }
    return true;
}

static bool build(struct builder *b)
{
    struct scope_lines *lines = b->lines;
    b->locations = calloc((size_t)lines->units + 1, sizeof *b->locations);
    lines->at = calloc((size_t)lines->units + 1, sizeof *lines->at);
    lines->direct = calloc((size_t)lines->units + 1, 1);
    b->opens_instances = uses_name(b->code, "__dict__");
    if (b->locations == NULL || lines->at == NULL || lines->direct == NULL || !read_names(b) || !read_cells(b) || !add_beginning(b)) {
        return false;
    }
    scope_locations_read(b->code, b->locations, lines->units);
    if (!scope_flow_init(&b->flow, b->code, b->bytes, b->locations, lines->units)) {
        return false;
    }
    for (int unit = 0; unit < lines->units; unit++) {
        lines->at[unit] = (uint16_t)line_of(b, unit);
    }
    scope_flow_find_direct(&b->flow, lines->direct);
    return true;
}

struct scope_lines *scope_lines_read(PyCodeObject *code)
{
    struct scope_lines *lines = calloc(1, sizeof *lines);
    PyObject *bytecode = lines != NULL ? PyCode_GetCode(code) : NULL;
    bool done = false;
    if (bytecode != NULL && code->co_nlocalsplus < SLOTS_MAX) {
        struct builder b = {.code = code, .bytes = (const unsigned char *)PyBytes_AS_STRING(bytecode), .lines = lines};
        lines->is_module = PyUnicode_CompareWithASCIIString(code->co_name, "<module>") == 0;
        lines->units = (int)(PyBytes_GET_SIZE(bytecode) / 2);
        lines->locals = lines->slots = code->co_nlocalsplus;
        done = build(&b);
        free(b.locations);
        scope_flow_free(&b.flow);
        free(b.name_slots);
    }
    Py_XDECREF(bytecode);
    PyErr_Clear();
    if (!done && lines != NULL) {
        scope_lines_free(lines);
        lines = NULL;
    }
    return lines;
}

void scope_lines_free(struct scope_lines *lines)
{
    for (int i = 0; lines->names != NULL && i < lines->name_count; i++) {
        Py_DECREF(lines->names[i].name);
    }
    free(lines->names);
    free(lines->at);
    free(lines->direct);
    free(lines->lines);
    free(lines->lists);
    free(lines->cells);
    free(lines->secret);
    free(lines);
}
