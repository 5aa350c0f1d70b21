/* See lines.h. The bytecode is read without the interpreter's own changes to it, and the line table as Objects/location_table.md of
 * CPython describes it. */
#include "lines.h"

#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "opcodes.h"

enum { SLOTS_MAX = 0x7fff, LINES_MAX = 0xfffe, DOES_ANYTHING = 1 << 16 };

/* ---- the lines of the code units ---- */

/* Where a code unit's instruction stands in the source. */
struct location {
    int line;     /* 0: nowhere */
    bool several; /* it spans several lines */
};

static unsigned varint(const unsigned char **at, const unsigned char *end)
{
    unsigned value = 0;
    for (int shift = 0; *at < end && shift < 30; shift += 6) {
        unsigned char byte = *(*at)++;
        value |= (unsigned)(byte & 63) << shift;
        if (!(byte & 64)) {
            break;
        }
    }
    return value;
}

static void read_locations(PyCodeObject *code, struct location *locations, int units)
{
    enum { ONE_LINE = 10, NO_COLUMNS = 13, LONG_FORM = 14, NOWHERE = 15 };
    const unsigned char *at = (const unsigned char *)PyBytes_AS_STRING(code->co_linetable);
    const unsigned char *end = at + PyBytes_GET_SIZE(code->co_linetable);
    int line = code->co_firstlineno, unit = 0;
    while (at < end) {
        unsigned char head = *at++;
        int form = (head >> 3) & 15, count = (head & 7) + 1;
        bool several = false;
        if (form == NO_COLUMNS || form == LONG_FORM) {
            unsigned delta = varint(&at, end);
            line += delta & 1 ? -(int)(delta >> 1) : (int)(delta >> 1);
            several = form == LONG_FORM && varint(&at, end) > 0;
        } else if (form >= ONE_LINE && form < NO_COLUMNS) {
            line += form - ONE_LINE;
        }
        for (; count > 0 && unit < units; count--, unit++) {
            locations[unit] = (struct location){form == NOWHERE ? 0 : line, several};
        }
        while (at < end && !(*at & 0x80)) { /* only the first byte of an entry has this bit */
            at++;
        }
    }
}

/* ---- building ---- */

struct builder {
    PyCodeObject *code;          /* borrowed */
    const unsigned char *bytes;  /* opcode, argument, opcode, argument … */
    struct location *locations;  /* owned, one a code unit */
    struct scope_lines *lines;
    size_t list_used, list_room;
    bool opens_instances;        /* it takes the dictionaries of instances, and may change attributes through them */
    int16_t *name_slots;         /* owned, for each of co_names its slot, or -1 */
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
    if (b->name_slots[index] >= 0) {
        struct scope_named *known = &b->lines->names[b->name_slots[index] - b->lines->locals];
        known->only_loaded = known->only_loaded && only_loaded;
        return b->name_slots[index];
    }
    PyObject *name = PyTuple_GET_ITEM(b->code->co_names, index);
    struct scope_code *entry = scope_intern_name(name);
    if (entry == NULL || b->lines->slots >= SLOTS_MAX) {
        return -1;
    }
    b->lines->names[b->lines->name_count++] = (struct scope_named){Py_NewRef(name), entry->id, is_global, only_loaded};
    return b->name_slots[index] = (int16_t)b->lines->slots++;
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
    bool anywhere;        /* those of the line, wherever they stand, and those without a line; else only up to another line */
};

static bool belongs(const struct builder *b, const struct extent *extent, int unit)
{
    int line = b->locations[unit].line;
    return line == extent->line || line == 0;
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
            if (extent->anywhere) {
                continue;
            }
            return true;
        }
        uint16_t effects = scope_effect_of(opcode, whole);
        bool own = b->locations[unit].line == extent->line; /* what has no line cleans up: it binds, but runs nothing of the program's */
        if (own) {
            *all |= effects == SCOPE_ANYTHING ? DOES_ANYTHING : effects;
            *all |= (effects & SCOPE_CHANGES) && b->locations[unit].several ? DOES_ANYTHING : 0;
        }
        if (!(effects & effect)) {
            continue;
        }
        int slots[2] = {(int)whole, -1};
        if (effects & SCOPE_NAMED_SLOT) {
            slots[0] = slot_of_name(b, opcode, whole);
        } else if (effects & SCOPE_PAIR) {
            bool load_behind = effects & SCOPE_LOADS && effects & SCOPE_STORES; /* STORE_FAST_LOAD_FAST: the first is stored */
            slots[0] = (int)(whole >> 4);
            slots[1] = (int)(whole & 15);
            if (load_behind) {
                slots[0] = effect == SCOPE_STORES ? slots[0] : slots[1];
                slots[1] = -1;
            }
        }
        for (int i = 0; i < 2; i++) {
            if (slots[i] >= 0 && slots[i] < b->lines->slots && !add_to_list(b, (uint16_t)slots[i], first)) {
                return false;
            }
        }
    }
    return true;
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
        return add_line(b, &(struct extent){line, unit, b->lines->units, false});
    }
    for (int before = unit - 1; before >= 0; before--) {
        if (b->locations[before].line == line && !is_loop_head(b, before)) {
            return b->lines->at[before];
        }
    }
    return add_line(b, &(struct extent){line, 0, b->lines->units, true});
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
    b->lines->names = calloc((size_t)count + 1, sizeof *b->lines->names);
    b->name_slots = malloc(((size_t)count + 1) * sizeof *b->name_slots);
    if (b->lines->names == NULL || b->name_slots == NULL) {
        return false;
    }
    memset(b->name_slots, 0xff, ((size_t)count + 1) * sizeof *b->name_slots);
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
    read_locations(b->code, b->locations, lines->units);
    for (int unit = 0; unit < lines->units; unit++) {
        lines->at[unit] = (uint16_t)line_of(b, unit);
        lines->direct[unit] = (scope_effects[b->bytes[2 * unit]] & (SCOPE_CALLS | SCOPE_HANDS_OVER)) != 0;
    }
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
